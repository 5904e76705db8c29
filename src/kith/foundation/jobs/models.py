"""What every row that a job works on has in common: how far its life is, why it ended badly, where its files wait."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models

from kith.foundation.history.models import Kept

WAITING, REFUSED, STOPPED = "waiting", "refused", "stopped"


class Job(Kept):
    """A row that a job works on: it waits, is under way, and is over; refused, or stopped with whoever worked on it.

    `word` begins the name of its folder and of its progress, `task` is the path of the job that works on it, and
    `under_way` the state in which it does.
    """

    word: ClassVar[str]
    task: ClassVar[str]
    under_way: ClassVar[str]

    ended_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, default=WAITING)  # waiting, under way, refused, stopped, or as it ended
    refusal = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def key(self) -> str:
        """What its progress is kept under."""
        return f"{self.word}-{self.pk}"

    @property
    def folder(self) -> Path:
        """Where its files are put until they are read, or made until they are kept."""
        return Path(settings.UPLOADS) / self.key

    @property
    def is_over(self) -> bool:
        """Whether it has ended, well or not."""
        return self.state not in (WAITING, self.under_way)
