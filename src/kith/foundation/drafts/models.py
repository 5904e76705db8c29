"""Drafts, and texts that met another's."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from django.db import models

from kith.foundation.access.models import Worker
from kith.foundation.history.models import Kept
from kith.foundation.sealing import CannotOpen, seal, unseal


class Draft(Kept):
    """What an author has typed into one form about one thing, and not yet saved. Only the author may read it.

    The text is sealed to its author, form and subject: it opens nowhere else, whoever can read the database.
    """

    retention = "until saved or thrown away"
    in_history = False

    author = models.ForeignKey(Worker, on_delete=models.PROTECT)
    form = models.CharField(max_length=80)
    about = models.CharField(max_length=80)
    sealed = models.BinaryField()
    saved_at = models.DateTimeField()

    over: Callable[[str], str] = staticmethod(str)  # takes out what its author may not know any more

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "form", "about"], name="one_draft")]

    @property
    def body(self) -> dict[str, list[str]]:
        """What was typed, by field. Raises CannotOpen where it was altered or moved, or its key is gone."""
        opened: dict[str, list[str]] = json.loads(unseal(self.sealed, place=self._place))
        return {name: [self.over(each) for each in values] for name, values in opened.items()}

    @property
    def opens(self) -> bool:
        """Whether what was typed can be read."""
        try:
            unseal(self.sealed, place=self._place)
        except CannotOpen:
            return False
        return True

    def seal(self, body: Mapping[str, list[str]]) -> Draft:
        """Put this text in, sealed."""
        self.sealed = seal(json.dumps(dict(body), ensure_ascii=False).encode(), place=self._place)
        return self

    @property
    def _place(self) -> str:
        return draft_place(author=self.author_id, form=self.form, about=self.about)


def draft_place(*, author: int, form: str, about: str) -> str:
    """The one place where a draft's text opens."""
    return json.dumps(["drafts_draft", author, form, about, "body"])


class Clash(Kept):
    """Two people saved one record: the second's text, kept until somebody has chosen."""

    retention = "as long as the record it is about"

    form = models.CharField(max_length=80)
    about = models.CharField(max_length=80)
    author = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    written_against = models.PositiveIntegerField()
    found = models.PositiveIntegerField()
    body = models.JSONField()
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+")
    kept = models.CharField(max_length=20, blank=True)  # theirs, mine, both
