"""An emergency: a record that somebody opened with no relationship to the child, and what another thought of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kith.foundation.access.models import Team, Worker
from kith.record.people.models import Grant, Person, Recorded


class Emergency(Recorded):
    """One opening in an emergency. `recorded_by` opened it; `asks` is the team whose manager looks at it first."""

    outside_the_wall = True  # a manager looks at it who may not know the child: the name is kept from her

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    opened_at = models.DateTimeField()
    asks = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    review_due_on = models.DateField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+")
    finding = models.CharField(max_length=20, blank=True)  # right, or concern
    comment = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["asks"], condition=Q(reviewed_at=None), name="emergency_waiting")]
