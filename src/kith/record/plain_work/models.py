"""What work with tables of its own in the dataset adds to each child's part: the columns that the returns ask for."""

from __future__ import annotations

from django.db import models

from kith.record.steps.models import PartDetail


class ToldPart(PartDetail):
    """What the returns ask of a child's part, beside its days and its outcome. Which of it a kind asks: data/told.

    One table for all these kinds: most ask for one or two columns, and one child's are read with one question.
    """

    source = models.CharField(max_length=255, blank=True)  # who made a contact or referral: the census's code
    child_seen = models.BooleanField(null=True)
    factors = models.TextField(blank=True)  # what an assessment found: the census's codes, "2B, 4B"
    internal_review_on = models.DateField(null=True)  # when a manager looked at an assessment on the way
