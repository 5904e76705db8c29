"""What a visit adds to its step and to each child's part."""

from __future__ import annotations

from django.db import models

from kith.record.steps.models import PartDetail, StepDetail


class Visit(StepDetail):
    """What the children of one visit share: where it was, and who else was there."""

    where = models.CharField(max_length=200, blank=True)
    others = models.TextField(blank=True)


class VisitPart(PartDetail):
    """Seeing one child: was she seen, alone, where, what did she say in her words, and the letter written to her."""

    seen = models.BooleanField(null=True)
    why_not_seen = models.TextField(blank=True)
    seen_alone = models.BooleanField(null=True)
    why_not_alone = models.TextField(blank=True)
    bedroom_seen = models.BooleanField(null=True)
    where = models.CharField(max_length=200, blank=True)
    said = models.TextField(blank=True)
    letter = models.TextField(blank=True)
    note = models.TextField(blank=True)  # the worker's own reasoning, kept apart from what is written to the child
