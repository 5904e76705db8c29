"""The calendars that workers take out of Kith: by an address that is secret, theirs alone, and ended at any time."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kith.foundation.access.models import Worker
from kith.foundation.history.models import Kept


class Feed(Kept):
    """One address of one worker's calendar. Only a digest of it is kept: nobody can read the address here."""

    retention = "as long as the worker is known here: it holds no child's name"
    never_in_history = ("digest",)

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker"], condition=Q(ended_at=None), name="one_calendar_a_worker")
        ]
