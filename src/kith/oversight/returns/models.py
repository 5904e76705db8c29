"""Checks of returns, and the answers that people gave to what was found."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from kith.foundation.access.models import Team, Worker
from kith.foundation.history.models import Kept
from kith.foundation.jobs.models import Job
from kith.vocabulary.errors import KithError


class Check(Job):
    """One check of a return somebody uploaded. What was found lies sealed among the documents; the files are gone.

    Its states: waiting, checking, done, refused, stopped, away.
    """

    retention = "until somebody takes it away; the files it was of, until they are checked"
    word: ClassVar[str] = "check"
    task: ClassVar[str] = "kith.oversight.returns.tasks.check_uploaded"
    under_way: ClassVar[str] = "checking"

    started_at = models.DateTimeField()
    by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    of_record = models.BooleanField(default=False)  # of what was built here: nobody uploaded it
    kind = models.CharField(max_length=20)  # cin, ssda903, annex_a
    year = models.PositiveIntegerField(default=0)  # the collection year, by the year it ends in; none for Annex A
    files = models.JSONField(default=list)  # [{"name", "bytes", "sha256"}]
    beside = models.JSONField(default=dict)  # what came with it: last_year, earlier, postcodes, providers, year, area
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


class Version(Job):
    """One building of a return of the record. Signed by a second person it is frozen: another may follow, for a reason.

    Its files and tables lie sealed among the documents, each under the hash of its content. Its states: waiting,
    building, built, refused, stopped, signed.
    """

    retention = "as long as the authority answers for the return: it is what was sent"
    frozen_once = "signed_at"
    word: ClassVar[str] = "version"
    task: ClassVar[str] = "kith.oversight.returns.build_tasks.build_version"
    under_way: ClassVar[str] = "building"

    key = models.CharField(max_length=20)  # the return, as `kith build` calls it
    on = models.DateField()  # the day it tells of
    term = models.CharField(max_length=10)  # what it is a version of: a collection year, or a day
    number = models.PositiveIntegerField()  # of its return and term, from 1
    authority = models.CharField(max_length=10, blank=True)
    beside = models.JSONField(default=dict)  # what its rules were given: as of a check
    purpose = models.TextField()
    asked_at = models.DateTimeField()
    by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    files = models.JSONField(default=list)  # [{"name", "bytes", "sha256"}]
    tables = models.JSONField(default=list)  # [{"name", "rows", "sha256", "cells": {field: which origin}}]
    rows = models.PositiveBigIntegerField(default=0)
    notes = models.JSONField(default=list)
    check_of = models.OneToOneField(Check, null=True, on_delete=models.PROTECT, related_name="version")
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    why = models.TextField(blank=True)  # why it takes the place of one that was signed
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+")
    content = models.CharField(max_length=64, blank=True)  # the digest of its files, as they were signed

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "term", "number"], name="one_version_of_a_number"),
            models.CheckConstraint(condition=Q(signed_by=None) | ~Q(signed_by=F("by")), name="signed_by_another"),
        ]

    def save(self, *args: Any, **options: Any) -> None:
        """Write it, unless it was signed: from then on it is as it was. Raises KithError."""
        self._check_not_frozen()
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Take it away, unless it was signed. Raises KithError."""
        self._check_not_frozen()
        return super().delete(*args, **options)

    def _check_not_frozen(self) -> None:
        if self.pk and Version.objects.filter(pk=self.pk).exclude(signed_at=None).exists():
            raise KithError("This version is signed off and frozen.", mend="Build another, and say why.")


class Readiness(Kept):
    """One return, one day, one team: how many children it tells of, and of how many it would be rejected or queried."""

    retention = "for ever: it holds no child's name"
    in_history = False  # worked out from facts that are

    kind = models.CharField(max_length=20)
    day = models.DateField()
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")  # none: nobody's
    children = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()  # children of whom a row fails a rule that is an error, unanswered
    queried = models.PositiveIntegerField()  # others, of whom a row would be asked about

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "day", "team"], name="one_readiness_a_day"),
            models.UniqueConstraint(fields=["kind", "day"], condition=Q(team=None), name="one_readiness_of_nobody"),
        ]


class LastNight(Kept):
    """What the newest night found of a return, row by row; it lies sealed among the documents."""

    retention = "until the next night"
    in_history = False

    kind = models.CharField(max_length=20, unique=True)
    year = models.PositiveIntegerField()
    day = models.DateField()
    read_at = models.DateTimeField()
    report = models.CharField(max_length=64)
    files = ()  # an answer about a whole return holds on to its files: of the record there are none


class OwnDuty(Kept):
    """Something that the authority itself has to do, and does outside Kith: which, and from when until when.

    It is done once, or a mistake once; else the row never changes.
    """

    retention = "as long as the authority answers for it; it names nobody"

    kind = models.CharField(max_length=30)
    reference = models.CharField(max_length=60)  # of a return its year, as 2025/26
    began_on = models.DateField()
    done_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    mistaken_at = models.DateTimeField(null=True)
    mistaken_by = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+")
    why_mistaken = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "reference"], condition=Q(mistaken_at=None), name="one_duty_of_a_reference"
            )
        ]
