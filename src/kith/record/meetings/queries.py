"""Reading meetings, always for a viewer."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from kith.foundation.access.viewer import Viewer
from kith.record.people.access import may_open
from kith.record.people.queries import NotFound
from kith.record.people.whereabouts import listed, withhold
from kith.record.steps.models import Part, Step
from kith.record.steps.queries import steps_for, veiled
from kith.record.steps.sharing import with_others

from .models import Addition, Attendance


def meeting_for(viewer: Viewer, pk: int, *, key: str) -> Step:
    """One meeting of that kind, with the parts this viewer may read as `shown_parts`. NotFound where there is none."""
    step = steps_for(viewer).select_related("worker", "team").filter(pk=pk, kind=key).first()
    if step is None or not step.shown_parts:
        raise NotFound("meeting")
    return veiled(step)


def open_meetings(viewer: Viewer, *, key: str, teams: Iterable[int] | None = None) -> QuerySet[Step]:
    """The meetings of one kind that were called and not yet closed; of these teams, where any are named."""
    rows = steps_for(viewer).filter(kind=key, done_on=None, cancelled_on=None)
    if teams is not None:
        rows = rows.filter(team_id__in=list(teams))
    return rows.select_related("worker", "team").order_by("planned_on", "opened_on", "pk")


def in_part(viewer: Viewer, step: Step) -> bool:
    """Whether the viewer may read only some of its children: what was said of them all is then kept back."""
    return Part.objects.filter(with_others(viewer), step=step).exists()


def people_of(step: Step) -> list[Attendance]:
    """Everybody asked, social care first, then by agency in the order they were asked.

    Where a child of it is shielded from the viewer, a school, a surgery or a carer is not named.
    """
    rows = list(Attendance.objects.filter(step=step).order_by("pk"))
    if step.kept_back:
        telling = listed().agencies
        rows = [withhold(row, step.veil) if row.agency in telling else row for row in rows]
    return sorted(rows, key=lambda row: (row.agency != "social_care", row.agency))


def additions_of(viewer: Viewer, step: Step) -> list[Addition]:
    """What was added after it was closed, oldest first: about all of its children, or one that this viewer may see."""
    rows = Addition.objects.filter(Q(person=None) | may_open(viewer), step=step)
    found = list(rows.select_related("person", "recorded_by").order_by("recorded_at", "pk"))
    if step.kept_back:
        found = [withhold(each, step.veil) for each in found]
    of_all = [each for each in found if each.person_id is None]
    return [each for each in found if each.person_id] if of_all and in_part(viewer, step) else found
