"""Promises: every action agreed anywhere, as one object."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kith.foundation.access.models import Worker
from kith.record.people.models import Person, Recorded
from kith.record.people.shields import VeiledRows


class Promise(Recorded):
    """What we said we would do for this child: who, by when, and whether it was done."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="promises")
    made_in = models.CharField(max_length=120, blank=True)  # the ref of the step it was made in
    made_on = models.DateField()
    what = models.TextField()
    owner = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="promises")
    owner_agency = models.CharField(max_length=40, blank=True)
    owner_name = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    evidence = models.TextField(blank=True)
    effect = models.TextField(blank=True)
    dropped_on = models.DateField(null=True)
    dropped_why = models.TextField(blank=True)

    objects = VeiledRows.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "due_on"], condition=Q(done_on=None), name="promise_open")]
