"""Checks of returns, and the answers that people gave to what was found."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kith.foundation.access.models import Worker
from kith.foundation.history.models import Kept


class Check(Kept):
    """One check of a return somebody uploaded. What was found lies sealed among the documents; the files are gone."""

    retention = "until somebody takes it away; the files it was of, until they are checked"

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)  # cin, ssda903, annex_a
    year = models.PositiveIntegerField(default=0)  # the collection year, by the year it ends in; none for Annex A
    files = models.JSONField(default=list)  # [{"name", "bytes", "sha256"}]
    beside = models.JSONField(default=dict)  # what came with it: last_year, postcodes, providers, year, authority
    state = models.CharField(max_length=12, default="waiting")  # waiting, checking, done, refused, away
    refusal = models.TextField(blank=True)
    rows_in = models.PositiveBigIntegerField(default=0)
    issues = models.PositiveBigIntegerField(default=0)
    report = models.CharField(max_length=64, blank=True)  # the hash of what was found, among the documents
    taken_away_at = models.DateTimeField(null=True)
    taken_away_by = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+")


class Answer(Kept):
    """Why an issue is right as it stands. It holds at every check of that return while the row says the same."""

    retention = "as long as the return may be asked about: it explains what was sent"

    kind = models.CharField(max_length=20)
    year = models.PositiveIntegerField(default=0)
    rule = models.CharField(max_length=20)
    child = models.CharField(max_length=120, blank=True)  # the id in the return; none where it is about the whole
    table = models.CharField(max_length=80)
    says = models.CharField(max_length=64)  # a digest of the row; of the files, where it is about the whole return
    reason = models.TextField()
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "year", "rule", "child", "table", "says"],
                condition=Q(withdrawn_at=None),
                name="one_answer_now",
            )
        ]
