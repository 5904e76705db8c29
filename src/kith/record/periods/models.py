"""Periods: whatever begins, lasts and ends in a child's life, in one shape, with the details of a kind beside it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kith.foundation.access.models import Team, Worker
from kith.foundation.history.models import Kept
from kith.record.people.models import CHILD_RECORD, Person, Recorded


class Period(Recorded):
    """A plan, a time in care, a home, a time missing. Both days count; no end means still; status is read from both."""

    kind = models.CharField(max_length=24)
    code = models.CharField(max_length=100, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="periods")
    started_on = models.DateField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    start_reason = models.CharField(max_length=255, blank=True)
    end_reason = models.CharField(max_length=255, blank=True)
    parent = models.CharField(max_length=120, blank=True)  # the ref of the period it is part of
    worker = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    voided_at = models.DateTimeField(null=True)
    details = models.JSONField(default=dict)  # the rest of the row as the source gave it, under its own names

    class Meta:
        indexes = [
            models.Index(fields=["person", "kind"], name="period_person"),
            models.Index(fields=["kind", "started_on"], name="period_started"),
            models.Index(fields=["kind", "person"], condition=Q(ended_on=None), name="period_open"),
            models.Index(fields=["kind", "started_on"], condition=Q(ended_on=None), name="period_open_since"),
        ]


class Home(Kept):
    """What a home (a placement) adds to its period."""

    retention = CHILD_RECORD

    period = models.OneToOneField(Period, primary_key=True, on_delete=models.PROTECT, related_name="home")
    provider = models.CharField(max_length=48, blank=True)
    urn = models.CharField(max_length=48, blank=True)
    postcode = models.CharField(max_length=15, blank=True)
    miles_from_home = models.FloatField(null=True)
