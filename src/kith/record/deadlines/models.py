"""A child's clocks as rows: kept in step with the facts, in the transaction that changes them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kith.foundation.access.models import Team, Worker
from kith.foundation.history.models import Kept
from kith.record.people.models import CHILD_RECORD, Person


class Deadline(Kept):
    """One clock: rule, what opened it, when it is due, what met it. Its state on a day is read from these."""

    retention = CHILD_RECORD
    in_history = False  # worked out from facts that are; a rebuild gives the same rows

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="deadlines")
    rule = models.CharField(max_length=60)
    rule_version = models.CharField(max_length=20)
    cycle = models.PositiveIntegerField(default=1)
    opened_by = models.CharField(max_length=120)
    opened_on = models.DateField()
    opened_at = models.DateTimeField(null=True)
    warn_on = models.DateField(null=True)
    due_on = models.DateField()
    due_at = models.DateTimeField(null=True)
    met_by = models.CharField(max_length=120, blank=True)
    met_on = models.DateField(null=True)
    met_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)
    excused_on = models.DateField(null=True)  # said to be not required, on this day
    time_missing = models.BooleanField(default=False)
    open = models.BooleanField(default=True)  # neither met, nor ended, nor said to be not required
    late = models.BooleanField(default=False)  # met after it was due
    worker = models.ForeignKey(Worker, null=True, on_delete=models.SET_NULL, related_name="deadlines", db_index=False)
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="deadlines", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["person", "open"], name="deadline_person"),
            models.Index(fields=["worker", "due_on"], condition=Q(open=True), name="deadline_worker"),
            models.Index(fields=["team", "due_on", "person", "open"], condition=Q(open=True), name="deadline_by_team"),
            models.Index(fields=["rule", "due_on"], name="deadline_rule_due"),
            models.Index(
                fields=["due_on", "rule", "team", "person", "open"], condition=Q(open=True), name="deadline_due"
            ),
        ]


class HeldFact(Kept):
    """A kind of fact that this record holds at least one of."""

    retention = "for ever: it holds no child's name"
    in_history = False

    fact = models.CharField(max_length=60)
    code = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fact", "code"], name="one_held_fact")]


class LateReason(Kept):
    """Why a clock was late, said by a person. It never changes the date."""

    retention = CHILD_RECORD

    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    rule = models.CharField(max_length=60)
    opened_by = models.CharField(max_length=120)
    cycle = models.PositiveIntegerField(default=1)
    reason = models.TextField()
    by = models.ForeignKey(Worker, on_delete=models.PROTECT)
    at = models.DateTimeField()


class NotRequired(Kept):
    """That one turn of a clock need not be done: why, and who decided. It can be taken back, with a reason."""

    retention = CHILD_RECORD

    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    rule = models.CharField(max_length=60)
    opened_by = models.CharField(max_length=120)
    cycle = models.PositiveIntegerField(default=1)
    reason = models.TextField()
    by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    back_at = models.DateTimeField(null=True)
    back_by = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    back_why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "rule", "opened_by", "cycle"], condition=Q(back_at=None), name="not_required_once"
            )
        ]


class LocalDefault(Kept):
    """A council's own number for a timescale that is its to set, from a day. Rows are added, never changed."""

    retention = "for ever: it holds no child's name"

    rule = models.CharField(max_length=60)
    number = models.PositiveIntegerField()  # the first change of this rule is 1
    field = models.CharField(max_length=20)
    value = models.CharField(max_length=60)
    since = models.DateField()
    why = models.TextField()
    by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "number", "field"], name="one_change_at_a_time")]
