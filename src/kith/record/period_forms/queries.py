"""Which periods a viewer may put right."""

from __future__ import annotations

from django.urls import reverse

from kith.foundation.access.viewer import Viewer
from kith.record.people.queries import children_for
from kith.record.periods.models import Period
from kith.record.plain_work.queries import opener_of
from kith.record.steps.kinds import kind

from .kinds import KINDS, MAY


def period_for(viewer: Viewer, pk: int) -> Period | None:
    """A period that has a form, of a child whose record opens to somebody who records work; else nothing."""
    found = Period.objects.filter(pk=pk, kind__in=KINDS, voided_at=None).select_related("person", "home").first()
    if found is None or not viewer.may(MAY):
        return None
    return found if children_for(viewer, only=found.person_id).filter(pk=found.person_id).exists() else None


def care_of(episode: int) -> int | None:
    """The number of the time in care that an episode of care is of, by its own number; none where it is of none."""
    parent = Period.objects.filter(pk=episode).exclude(parent="").values("parent")
    return Period.objects.filter(kind="care", voided_at=None, ref__in=parent).values_list("pk", flat=True).first()


def begun_by(period: Period) -> str:
    """The form of the work recorded here that began it: there it is put right, or that work would say another thing."""
    step = opener_of(period.pk)
    return reverse(kind(step.kind).edit, args=[step.pk]) if step else ""
