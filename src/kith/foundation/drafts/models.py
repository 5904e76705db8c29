"""Drafts, and texts that met another's."""

from __future__ import annotations

from django.db import models

from kith.foundation.access.models import Worker
from kith.foundation.history.models import Kept


class Draft(Kept):
    """What an author has typed into one form about one thing, and not yet saved. Only the author may read it."""

    retention = "until saved or thrown away"
    in_history = False

    author = models.ForeignKey(Worker, on_delete=models.PROTECT)
    form = models.CharField(max_length=80)
    about = models.CharField(max_length=80)
    body = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "form", "about"], name="one_draft")]


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
