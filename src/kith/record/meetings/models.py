"""What every meeting has: who was asked, from which agency, and who came."""

from __future__ import annotations

from django.db import models

from kith.record.people.models import Person, Recorded
from kith.record.steps.models import Step


class Attendance(Recorded):
    """Somebody asked to a meeting. Came, sent apologies, or neither; none of the three is assumed."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="attendances")
    agency = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=200, blank=True)
    invited = models.BooleanField(default=True)
    attended = models.BooleanField(null=True)
    apologies = models.BooleanField(null=True)

    @property
    def came(self) -> str:
        """One of words.CAME."""
        if self.attended:
            return "came"
        if self.apologies:
            return "apologies"
        return "absent" if self.attended is False else ""


class Addition(Recorded):
    """What was added to a meeting after it was closed: the only way to correct one. What was written stays."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="additions")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")  # empty: about them all
    words = models.TextField()
