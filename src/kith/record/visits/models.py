"""What a visit adds to its step and to each child's part."""

from __future__ import annotations

from django.db import models

from kith.record.steps.models import PartDetail


class VisitPart(PartDetail):
    """Seeing one child: was she seen, alone, where, what did she say, and the letter written to her."""

    seen = models.BooleanField(null=True)
    seen_alone = models.BooleanField(null=True)
    bedroom_seen = models.BooleanField(null=True)
    where = models.CharField(max_length=200, blank=True)
    said = models.TextField(blank=True)
    letter = models.TextField(blank=True)
