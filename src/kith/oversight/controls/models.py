"""What each control found, each day."""

from __future__ import annotations

from django.db import models

from kith.foundation.history.models import Kept


class Reading(Kept):
    """One control on one day: how many it expected, how many held. The children behind it are read from the record."""

    retention = "for ever: it holds no child's name"
    in_history = False  # worked out from facts that are

    control = models.CharField(max_length=60)
    day = models.DateField()
    expected = models.PositiveIntegerField()
    held = models.PositiveIntegerField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["control", "day"], name="one_reading_a_day")]
