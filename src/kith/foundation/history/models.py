"""The history: one row for each change, written by triggers; one for each opening of a record; and their chains."""

from __future__ import annotations

from django.db import models


class Kept(models.Model):
    """What every table of Kith declares: how long it is kept, and whether its changes are in the history.

    `frozen_once` names a field: a row in which it is set is never changed or removed again, by the database itself.
    """

    retention = ""
    in_history = True
    never_in_history: tuple[str, ...] = ()
    frozen_once = ""

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
    person = models.BigIntegerField(null=True)  # whose row it is; before the change, where the change says another
    worker = models.BigIntegerField(null=True)
    role = models.CharField(max_length=40)
    purpose = models.CharField(max_length=200)
    request = models.CharField(max_length=40)
    client = models.CharField(max_length=120, db_default="")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        db_table = "history_change"
        indexes = [
            models.Index(fields=["table", "row"], name="history_change_row"),
            models.Index(fields=["person", "at"], name="history_change_person"),
        ]


class Opening(Kept):
    """Somebody opened a person's record, was shown people in a list, or was refused: who, as what, why, which page.

    `shown` holds the ids of the others named on the page, or of those in the list: never what was said of them.
    """

    OPENED, LISTED, REFUSED = "opened", "listed", "refused"

    retention = "as long as the record it is about"
    in_history = False

    at = models.DateTimeField()
    kind = models.CharField(max_length=10, db_default=OPENED)
    person = models.BigIntegerField(null=True)  # nobody in particular, for a list
    worker = models.BigIntegerField(null=True)
    role = models.CharField(max_length=40)
    relationship = models.CharField(max_length=40)
    decision = models.CharField(max_length=40, db_default="")  # the reason code by which the door let in, or did not
    purpose = models.CharField(max_length=200)
    page = models.CharField(max_length=80)
    shown = models.JSONField(null=True)
    request = models.CharField(max_length=40)
    client = models.CharField(max_length=120, db_default="")

    class Meta:
        db_table = "history_opening"
        indexes = [
            models.Index(fields=["person", "-at"], name="history_opening_person"),
            models.Index(fields=["at"], name="history_opening_at"),
        ]


class Disposal(Kept):
    """Rows of the history whose retention ended, taken away lawfully: their links stay, so the chain still verifies."""

    retention = "for ever: it says what is no longer there, and why"
    in_history = False

    at = models.DateTimeField()
    table = models.CharField(max_length=80)
    first = models.BigIntegerField()
    last = models.BigIntegerField()  # counts
    worker = models.BigIntegerField(null=True)
    role = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)

    class Meta:
        db_table = "history_disposal"


class Link(Kept):
    """One row's place in one of the chains. Written by the database with the row itself, and never changed.

    `content` is the digest of the row; `hash` is the digest of this link with the one before it.
    """

    retention = "for ever: it holds digests alone"
    in_history = False

    pk = models.CompositePrimaryKey("chain", "number")
    chain = models.SmallIntegerField()
    number = models.BigIntegerField()
    kind = models.SmallIntegerField()  # which table: see chain.TABLES
    row = models.BigIntegerField()
    previous = models.BinaryField()
    content = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "history_link"
