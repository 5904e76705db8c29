"""The pairs of records that the nightly job found likely to be one person. The links themselves are people’s."""

from __future__ import annotations

from django.db import models

from kith.foundation.history.models import Kept
from kith.record.people.models import Person


class Likely(Kept):
    """Two records that may be of one person, how likely that is, and why in words. Found anew each night."""

    retention = "until the next night: it is worked out from the records"
    in_history = False

    one = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    probability = models.FloatField()
    why = models.JSONField(default=list)
    found_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["-probability", "one", "other"], name="likely_first")]
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="likely_once")]
