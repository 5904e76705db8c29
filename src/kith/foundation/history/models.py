"""The history: one row for each change, written by triggers, and one for each opening of a record."""

from __future__ import annotations

from django.db import models


class Kept(models.Model):
    """What every table of Kith declares: how long it is kept, and whether its changes are in the history."""

    retention = ""
    in_history = True
    never_in_history: tuple[str, ...] = ()

    class Meta:
        abstract = True


class Change(Kept):
    """One change to one row, with the row before and after. Written by the database, never by the application."""

    retention = "as long as the record it is about"
    in_history = False

    at = models.DateTimeField()
    table = models.CharField(max_length=80)
    row = models.CharField(max_length=40)
    act = models.CharField(max_length=10)  # added, changed, removed
    worker = models.BigIntegerField(null=True)
    role = models.CharField(max_length=40)
    purpose = models.CharField(max_length=200)
    request = models.CharField(max_length=40)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        db_table = "history_change"
        indexes = [models.Index(fields=["table", "row"], name="history_change_row")]


class Opening(Kept):
    """Somebody opened a person's record: who, as what, why, and which page."""

    retention = "as long as the record it is about"
    in_history = False

    at = models.DateTimeField()
    person = models.BigIntegerField()
    worker = models.BigIntegerField(null=True)
    role = models.CharField(max_length=40)
    relationship = models.CharField(max_length=40)
    purpose = models.CharField(max_length=200)
    page = models.CharField(max_length=80)
    request = models.CharField(max_length=40)

    class Meta:
        db_table = "history_opening"
        indexes = [models.Index(fields=["person", "-at"], name="history_opening_person")]
