"""Steps: any piece of work with a child or several, in one shape; each kind adds a typed model of its own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kith.foundation.access.models import Team, Worker
from kith.foundation.history.models import Kept
from kith.record.people.models import CHILD_RECORD, Person, Recorded
from kith.record.people.shields import VeiledRows


class FormVersion(Kept):
    """A council's own questions for a kind of step, as data: one row for each version, never changed once used."""

    retention = "for ever: it explains every answer given to it"

    kind = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    owner = models.CharField(max_length=200)
    reason = models.TextField()
    questions = models.JSONField()  # [{"name", "label", "hint", "type", "choices"}]
    in_force_from = models.DateField()
    in_force_until = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="one_form_version")]


class Step(Recorded):
    """One piece of work. Opened, happened and done are facts; what state it is in is read from them."""

    kind = models.CharField(max_length=24)
    code = models.CharField(max_length=40, blank=True)
    opened_on = models.DateField(null=True)
    opened_at = models.DateTimeField(null=True)
    planned_on = models.DateField(null=True)
    happened_on = models.DateField(null=True)
    happened_at = models.DateTimeField(null=True)
    done_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    worker = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="steps", db_index=False)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="steps", db_index=False)
    led_from = models.CharField(
        max_length=120, blank=True
    )  # the ref of the step, or of the child’s part, that it came from
    summary = models.TextField(blank=True)
    form = models.ForeignKey(FormVersion, null=True, on_delete=models.PROTECT)
    answers = models.JSONField(default=dict)
    submitted_at = models.DateTimeField(null=True)
    cancelled_on = models.DateField(null=True)
    cancelled_why = models.TextField(blank=True)
    details = models.JSONField(default=dict)  # the rest of the row as the source gave it, under its own names

    class Meta:
        indexes = [
            models.Index(fields=["kind", "happened_on"], condition=Q(happened_on__isnull=False), name="step_happened"),
            models.Index(fields=["kind", "team"], condition=Q(done_on=None, cancelled_on=None), name="step_open"),
            models.Index(
                fields=["team", "kind"],
                condition=Q(done_on=None, cancelled_on=None, happened_on=None),
                name="step_planned",
            ),
            models.Index(fields=["team"], condition=Q(submitted_at__isnull=False, done_on=None), name="step_waiting"),
            models.Index(fields=["kind", "done_on"], condition=Q(done_on__isnull=False), name="step_done"),
            models.Index(fields=["led_from"], name="step_led_from"),
        ]


class Part(Recorded):
    """One child's part in a step: its own outcome, its own words. Nothing in it shows on another child's page."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="parts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="parts")
    span = models.CharField(max_length=120, blank=True)  # the ref of the period this is part of
    code = models.CharField(max_length=40, blank=True)  # only where it is not the step's own
    outcome = models.CharField(max_length=100, blank=True)
    counts = models.BooleanField(default=True)  # False where the clock must not move: the child was not seen
    words = models.TextField(blank=True)
    significant = models.BooleanField(default=False)
    impact = models.TextField(blank=True)  # why it is significant, for the short chronology

    objects = VeiledRows.as_manager()


class SignOff(Recorded):
    """A manager's answer to a step that was sent for sign-off: signed, or returned with a comment."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="sign_offs")
    by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.CharField(max_length=10)  # signed, returned
    comment = models.TextField(blank=True)


class Unallocated(Kept):
    """A child's part in a referral that was taken up, the child still in need and never allocated to anybody."""

    retention = CHILD_RECORD
    in_history = False  # worked out from facts that are; a rebuild gives the same rows

    part = models.OneToOneField(Part, primary_key=True, on_delete=models.CASCADE, related_name="+")


class StepDetail(Kept):
    """What a kind adds to the step as a whole."""

    retention = CHILD_RECORD

    step = models.OneToOneField(Step, primary_key=True, on_delete=models.PROTECT, related_name="%(class)s")

    class Meta:
        abstract = True


class PartDetail(Kept):
    """What a kind adds to each child's part."""

    retention = CHILD_RECORD

    part = models.OneToOneField(Part, primary_key=True, on_delete=models.PROTECT, related_name="%(class)s")

    class Meta:
        abstract = True
