"""Loads, and every row they read as it stood."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from kith.foundation.access.models import Worker
from kith.foundation.history.models import Kept
from kith.foundation.jobs.models import Job
from kith.record.people.models import CHILD_RECORD


class Load(Job):
    """One reading of files into the record: what came, how many rows, and what was kept out and why.

    Its states: waiting, reading, done, refused, stopped.
    """

    retention = CHILD_RECORD
    word: ClassVar[str] = "load"
    task: ClassVar[str] = "kith.record.loading.tasks.load_uploaded"
    under_way: ClassVar[str] = "reading"

    started_at = models.DateTimeField()
    by = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=40, blank=True)
    files = models.JSONField(default=list)  # [{"name", "bytes", "sha256"}]
    rows_in = models.PositiveIntegerField(default=0)
    rows_stored = models.PositiveIntegerField(default=0)
    rows_reported = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    tables = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)  # of every row it added to the ledger, in order


class Problem(Kept):
    """A row kept out of the record, and why."""

    retention = CHILD_RECORD
    in_history = False

    load = models.ForeignKey(Load, on_delete=models.CASCADE, related_name="problems")
    file = models.CharField(max_length=255)
    line = models.PositiveIntegerField(null=True)
    field = models.CharField(max_length=120, blank=True)
    message = models.TextField()


class SourceRow(Kept):
    """A row as a source gave it. A newer one replaces it and this one stays: what was known, and until when."""

    retention = CHILD_RECORD
    in_history = False  # it is its own history: rows are only added, and closed once

    source = models.CharField(max_length=24)  # which kind of file says so: each source keeps its own rows
    table = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    digest = models.CharField(max_length=24)
    body = models.JSONField()
    whose = models.CharField(max_length=120, blank=True)  # the id of the person it is about, in its source's words
    load = models.ForeignKey(Load, on_delete=models.PROTECT, related_name="rows", db_index=False)
    replaced_by = models.BigIntegerField(null=True)  # the load that brought a newer one

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "table", "key"], condition=Q(replaced_by=None), name="one_source_row_now"
            )
        ]
        indexes = [
            models.Index(fields=["whose"], condition=Q(replaced_by=None), name="source_row_whose"),
        ]
