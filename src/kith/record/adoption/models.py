"""The link between a birth record and an adopted one: sealed, and named by a reference that tells nothing."""

from __future__ import annotations

from django.db import models

from kith.foundation.access.models import Worker
from kith.foundation.history.models import Kept

ADOPTION_RECORD = "at least 100 years from the order (SI 2005/888, regulation 6)"


class AdoptionLink(Kept):
    """Who was who, sealed under a key of its own: neither id is in any column.

    The two keys are keyed hashes of a name with a birth date: they find a reference for somebody who has both, and
    tell nothing to somebody who reads the table.
    """

    retention = ADOPTION_RECORD
    never_in_history = ("sealed",)

    reference = models.CharField(max_length=20, unique=True)
    sealed = models.BinaryField()
    birth_key = models.CharField(max_length=64)
    adopted_key = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()


class LinkOpening(Kept):
    """One opening of a link: asked for by one adoption officer, approved by another, for a time."""

    retention = ADOPTION_RECORD

    link = models.ForeignKey(AdoptionLink, on_delete=models.PROTECT, related_name="openings")
    reason = models.TextField()
    asked_by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)  # empty: refused, or not answered yet
    refused_why = models.TextField(blank=True)


class LinkLook(Kept):
    """Each time somebody looked at an open link. It names no child: the link's reference is all it says."""

    retention = ADOPTION_RECORD

    opening = models.ForeignKey(LinkOpening, on_delete=models.PROTECT, related_name="looks")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
