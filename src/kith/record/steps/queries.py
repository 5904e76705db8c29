"""Reading steps, always for a viewer: a step shows only the parts of children this viewer may see."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from kith.foundation.access.viewer import Viewer
from kith.record.people.access import hidden_from

from .models import Part, Step


def parts_for(viewer: Viewer) -> QuerySet[Part]:
    """Every child's part that this viewer may read."""
    if not viewer.may("see_child"):
        return Part.objects.none()
    return Part.objects.exclude(person_id__in=hidden_from(viewer).values("pk"))


def steps_for(viewer: Viewer) -> QuerySet[Step]:
    """Every step in which this viewer may read at least one part, with just those parts as `shown_parts`."""
    mine = parts_for(viewer)
    shown = Prefetch("parts", queryset=mine.select_related("person").order_by("person__born_on"), to_attr="shown_parts")
    return Step.objects.filter(pk__in=mine.values("step_id")).prefetch_related(shown)


def of_kind(viewer: Viewer, key: str) -> QuerySet[Step]:
    """The steps of one kind, newest first."""
    return steps_for(viewer).filter(kind=key).select_related("worker", "team").order_by("-happened_on", "-pk")
