"""What a strategy meeting adds to its step and to each child's part."""

from __future__ import annotations

from django.db import models

from kith.record.steps.models import PartDetail, StepDetail


class StrategyMeeting(StepDetail):
    """Why it was called, and how it was held."""

    reason = models.TextField(blank=True)
    information = models.TextField(blank=True)
    held_how = models.CharField(max_length=40, blank=True)
    planned_at = models.DateTimeField(null=True)
    circulated_on = models.DateField(null=True)  # the day its decisions were sent to everybody who was asked


class StrategyDecision(PartDetail):
    """What was decided for one child, and why. The outcome code itself is the part's."""

    rationale = models.TextField(blank=True)
