"""A document: what is said of it. What is in it lies sealed on the disk, under the hash of its content."""

from __future__ import annotations

from django.db import models

from kith.record.people.models import Person, Recorded


class Document(Recorded):
    """One document of one child. It is corrected by another that takes its place, and is never erased."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20)
    dated_on = models.DateField()  # the document's own day
    about = models.TextField()  # what it is, in a sentence
    name = models.CharField(max_length=200)
    type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)  # of what is kept: a picture is kept without its metadata
    sent_sha256 = models.CharField(max_length=64)  # of what was sent
    scanned_at = models.DateTimeField(null=True)  # none: no scanner has seen it
    infected_at = models.DateTimeField(null=True)  # a later scan knew it: it opens to nobody
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    why = models.TextField(blank=True)  # why it takes another's place

    class Meta:
        indexes = [models.Index(fields=["person", "-dated_on"], name="document_person")]
