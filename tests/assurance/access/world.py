"""A child for each thing that somebody may be to a child, under each restriction: the same for every role."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from typing import Any

from django.utils import timezone

from kith.foundation.access.models import Team, Worker
from kith.record.deadlines.models import Deadline
from kith.record.people.models import Involvement, Named, Person
from kith.record.promises.models import Promise
from kith.record.protection.models import StrategyDecision, StrategyMeeting
from kith.record.steps.models import Part, Step
from kith.record.visits.models import Visit, VisitPart
from tests import factories as make
from tests.assurance.access.oracle import LEVELS, TIES

PARTS: dict[str, tuple[str, int | None]] = {  # the viewer's part in the child's life, and how long ago it ended
    "allocated": ("Allocated social worker", None),
    "allocated_lately": ("Allocated social worker", 10),
    "allocated_long_ago": ("Allocated social worker", 40),
    "co_worker": ("Family support", None),
    "reviewing_officer": ("Reviewing officer", None),
}
HELD_BY = {"team": "own", "team_below": "below", "another_team": "away"}


@dataclass
class Cell:
    """One child: what she is to the viewer, her restriction, and the numbers of the rows about her."""

    tie: str
    level: str
    numbers: dict[str, int] = field(default_factory=dict)


@dataclass
class World:
    """The viewer of one role, her colleague on shift, and every child."""

    role: str
    viewer: Worker
    on_shift: Worker
    cells: list[Cell]

    def who(self, cell: Cell) -> Worker:
        """Who looks: only the tie of the night team needs a shift, which would open everything to the others too."""
        return self.on_shift if cell.tie == "night" else self.viewer


def build(role: str, only: Iterable[tuple[str, str]] | None = None) -> World:
    """The world for one role, of all ties under all levels, or of `only` some."""
    top = make.a_team("Department")
    team, below, away = make.a_team("Ours"), make.a_team("Below ours"), make.a_team("Another")
    Team.objects.filter(pk__in=[team.pk, away.pk]).update(parent=top)
    Team.objects.filter(pk=below.pk).update(parent=team)
    viewer = make.a_worker(f"Vera {role}", role=role, team=team)
    night = make.a_worker(f"Nora {role}", role=role, team=make.a_team("Night"))
    make.on_shift(night)
    teams = {"own": team, "below": below, "away": away}
    other = make.a_worker("Asha Rahman", team=away)
    wanted = product(TIES, LEVELS) if only is None else only
    return World(role, viewer, night, [_cell(tie, level, viewer, night, other, teams) for tie, level in wanted])


def _cell(tie: str, level: str, viewer: Worker, night: Worker, other: Worker, teams: dict[str, Team]) -> Cell:
    child = make.a_child(f"{tie.title()}", level, held=False)
    _tied(tie, child, viewer, teams)
    if level.startswith("R") and level != "R0":
        make.restrict(child, level)
    if level == "barred":
        make.bar(viewer, child)
        make.bar(night, child)
    if level != "closed":
        make.a_period(child, "need", code="N1")
    return Cell(tie, level, _rows(child, other, teams["away"]))


def _tied(tie: str, child: Person, viewer: Worker, teams: dict[str, Team]) -> None:
    """Make the child what the tie says to the viewer, and nothing else."""
    today = timezone.localdate()
    if tie in PARTS:
        role, ended = PARTS[tie]
        held = make.allocate(child, viewer, role=role, team=teams["away"])
        Involvement.objects.filter(pk=held.pk).update(ended_on=ended and today - timedelta(days=ended))
    elif tie in HELD_BY:
        make.hold(child, teams[HELD_BY[tie]])
    elif tie == "work_of_team":
        make.a_step(child, kind="assessment", code="single", opened_on=today, team=teams["own"])
    elif tie == "front_door":
        make.a_step(child, kind="contact", code="", opened_on=today)
    elif tie == "missing_lately":
        make.a_period(child, "missing", code="missing", days=200, ended_on=today - timedelta(days=199))
    elif tie == "family":
        sister = make.a_child("Sister", "Held", held=False)
        make.allocate(sister, viewer, team=teams["away"])
        make.one_family(child, sister)
    elif tie == "named":
        Named.objects.create(person=child, worker=viewer, **make.recorded("named"))
    elif tie == "grant_over":
        make.grant(viewer, child, ends_at=timezone.now() - timedelta(minutes=1))
    elif tie in ("adoption_officers", "audit_sample", "records_request", "partner_purpose", "break_glass"):
        make.grant(viewer, child, ground=tie)


def _rows(child: Person, other: Worker, away: Team) -> dict[str, int]:
    """A visit, a meeting, a promise and a deadline, none of which is itself a tie to the viewer."""
    today = timezone.localdate()
    visit, meeting = (
        Step.objects.create(kind=kind, code=code, worker=other, team=away, **days, **make.recorded(kind))
        for kind, code, days in (
            ("visit", "cin", {"happened_on": today - timedelta(days=2), "opened_on": today}),
            ("strategy_meeting", "", {"opened_on": today, "planned_on": today}),
        )
    )
    parts = [Part.objects.create(step=step, person=child, **make.recorded("part")) for step in (visit, meeting)]
    Visit.objects.get_or_create(step=visit)
    VisitPart.objects.create(part=parts[0], seen=True)
    StrategyMeeting.objects.create(step=meeting, reason="A worry")
    StrategyDecision.objects.create(part=parts[1])
    promise = Promise.objects.create(
        person=child, made_on=today, what="Ring the school", owner=other, due_on=today, **make.recorded("promise")
    )
    due: dict[str, Any] = {"rule": "cin_visit", "rule_version": "1", "opened_by": f"need:{child.pk}"}
    deadline = Deadline.objects.create(person=child, opened_on=today, due_on=today, worker=other, team=away, **due)
    return {
        "person": child.pk,
        "known": child.pk,
        "part": parts[0].pk,
        "visit": visit.pk,
        "meeting": meeting.pk,
        "promise": promise.pk,
        "deadline": deadline.pk,
    }
