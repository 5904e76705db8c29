"""Reading strategy meetings, always for a viewer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from kith.foundation.access.viewer import Viewer
from kith.record.meetings import queries as meetings
from kith.record.meetings.models import Addition, Attendance
from kith.record.people.models import Person
from kith.record.people.queries import brothers_and_sisters, opening_of, person_for
from kith.record.people.whereabouts import listed
from kith.record.promises.models import Promise
from kith.record.promises.queries import made_in
from kith.record.steps.models import Part, Step
from kith.record.steps.queries import may_be_written, steps_for, with_details

from .decisions import EXPECTED
from .kinds import STRATEGY_MEETING
from .models import StrategyMeeting


@dataclass(frozen=True)
class Meeting:
    """One strategy meeting as this viewer may read it. `in_part`: some of its children are hidden from the viewer."""

    step: Step
    detail: StrategyMeeting
    parts: tuple[Part, ...]
    people: tuple[Attendance, ...]
    promises: tuple[Promise, ...]
    additions: tuple[Addition, ...]
    in_part: bool
    veiled: bool = False  # places were taken out of its texts: they must not be saved over the whole ones

    @property
    def children(self) -> list[Person]:
        """Its children whom the viewer may see, eldest first."""
        return [part.person for part in self.parts]

    def rationale(self, part: Part) -> str:
        """Why it was decided so for one child, as far as that is written."""
        return part.detail.rationale if part.detail else ""

    @property
    def open(self) -> bool:
        """Whether it may still be written in."""
        return not self.step.done_on and not self.step.cancelled_on

    @property
    def named(self) -> tuple[Attendance, ...]:
        """Those asked whom the viewer may know by name, and so may change: of a shielded child not her school."""
        telling = listed().agencies if self.step.kept_back else ()
        return tuple(row for row in self.people if row.agency not in telling)

    @property
    def not_asked(self) -> list[str]:
        """The agencies that a strategy meeting is expected to ask, and this one did not."""
        asked = {row.agency for row in self.people}
        return [agency for agency in EXPECTED if agency not in asked]


def meeting(viewer: Viewer, pk: int) -> Meeting:
    """One strategy meeting. NotFound where there is none, or none that this viewer may know of."""
    step = with_details(meetings.meeting_for(viewer, pk, key=STRATEGY_MEETING))
    in_part = meetings.in_part(viewer, step)
    people = () if in_part else tuple(meetings.people_of(step))
    return Meeting(
        step=step,
        detail=step.detail or StrategyMeeting(step=step),
        parts=tuple(step.shown_parts),
        people=people,
        promises=tuple(made_in(viewer, step.ref)),
        additions=tuple(meetings.additions_of(viewer, step)),
        in_part=in_part,
        veiled=not may_be_written(step) or any(getattr(row, "veiled", False) for row in people),
    )


def open_meetings(viewer: Viewer, *, teams: Iterable[int] | None = None) -> QuerySet[Step]:
    """The strategy meetings that were called and not yet closed, soonest first; of these teams, where any are named."""
    return meetings.open_meetings(viewer, key=STRATEGY_MEETING, teams=teams)


def children_to_choose(viewer: Viewer, pk: int) -> list[Person]:
    """The child of that number and its brothers and sisters, of those that this viewer may see."""
    child = person_for(viewer, pk)
    return [child, *opening_of(viewer, brothers_and_sisters(viewer, child))]


def led_to(viewer: Viewer, step: Step) -> dict[int, list[Step]]:
    """The steps recorded as led from this meeting, by child."""
    refs = [step.ref, *(part.ref for part in step.shown_parts)]
    found: dict[int, list[Step]] = {}
    for each in steps_for(viewer).filter(led_from__in=refs).order_by("opened_on", "pk"):
        for part in each.shown_parts:
            found.setdefault(part.person_id, []).append(each)
    return found
