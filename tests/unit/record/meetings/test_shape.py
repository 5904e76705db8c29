"""The shape of a meeting, proven on another kind: a panel gets all of it from a Kind and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_worker, bar, viewer

from kith.record.meetings import actions, queries
from kith.record.meetings.actions import Asked, Came, Closed, Decision
from kith.record.meetings.models import Attendance
from kith.record.people.queries import NotFound
from kith.record.promises.actions import promise
from kith.record.steps import kinds
from kith.record.steps.actions import NotReady, PartToRecord
from kith.record.steps.kinds import Kind
from kith.record.steps.models import Part, Step

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()


def undecided(step: Step) -> list[str]:
    return ["a child has no decision"] if Part.objects.filter(step=step, outcome="").exists() else []


@pytest.fixture(autouse=True)
def a_panel_is_a_kind() -> Iterator[None]:
    panel = Kind(
        key="panel",
        name="Panel",
        plural="Panels",
        outcomes={"agreed": "Agreed", "not_agreed": "Not agreed"},
        capability="hold_meeting",
        ready=undecided,
    )
    kinds.register(panel)
    yield
    kinds._kinds.pop("panel")


def a_panel(worker, *children) -> Step:  # type: ignore[no-untyped-def]
    return actions.convene(
        key="panel",
        children=[PartToRecord(person=child) for child in children],
        asked=[Asked("health", "Dr Osei", "Paediatrician"), Asked("education")],
        by=worker,
        opened_on=TODAY,
        opened_at=None,
        planned_on=TODAY + timedelta(days=2),
        team=None,
    )


def save(step: Step, worker, outcome: str = "agreed") -> Step:  # type: ignore[no-untyped-def]
    step.refresh_from_db()
    return actions.save(
        step=step,
        version=step.version,
        by=worker,
        columns={"happened_on": TODAY},
        detail={},
        decisions={part.pk: Decision(outcome) for part in step.parts.all()},
        people={row.pk: Came(row.name, row.role, attended=True, apologies=False) for row in step.attendances.all()},
    )


def read(worker, step: Step) -> Step:  # type: ignore[no-untyped-def]
    return queries.meeting_for(viewer(worker), step.pk, key="panel")


def test_another_kind_of_meeting_is_called_held_decided_closed_and_added_to() -> None:
    worker, child = a_worker(), a_child()
    step = a_panel(worker, child)
    assert list(queries.open_meetings(viewer(worker), key="panel")) == [step]
    with pytest.raises(NotReady, match="This panel cannot be closed yet: a child has no decision"):
        actions.close(step=step, by=worker, at=timezone.now())
    step = save(step, worker)
    step = actions.close(step=step, by=worker, at=timezone.now())
    assert not queries.open_meetings(viewer(worker), key="panel").exists()
    with pytest.raises(Closed):
        save(step, worker, "not_agreed")
    assert Part.objects.get(step=step).outcome == "agreed"
    actions.add(step=step, by=worker, words="The letter was sent")
    assert [each.words for each in queries.additions_of(viewer(worker), read(worker, step))] == ["The letter was sent"]


def test_its_page_shows_who_came_what_was_promised_and_what_was_added(client: Client) -> None:
    worker, child = a_worker(), a_child()
    step = a_panel(worker, child)
    promise(
        person=child, what="Find a school place", by=worker, made_on=TODAY, due_on=TODAY, made_in=step.ref, owner=worker
    )
    step = actions.close(step=save(step, worker), by=worker, at=timezone.now())
    actions.add(step=step, by=worker, words="The letter was sent")
    client.force_login(worker.account)
    page = client.get(f"/work/panel/{step.pk}/").content.decode()
    for words in ("Dr Osei, Paediatrician", "Came", "Find a school place", "The letter was sent", "Agreed"):
        assert words in page


def test_people_come_social_care_first_and_somebody_who_came_unasked_is_said_so() -> None:
    worker, child = a_worker(), a_child()
    step = a_panel(worker, child)
    actions.invite(step=step, asked=Asked("social_care", "Ben Sutton"), by=worker, invited=False)
    people = queries.people_of(read(worker, step))
    assert [row.agency for row in people] == ["social_care", "education", "health"]
    assert people[0].invited is False


def test_somebody_who_neither_came_nor_answered_is_not_taken_to_have() -> None:
    step = a_panel(a_worker(), a_child())
    assert {row.came for row in Attendance.objects.filter(step=step)} == {""}


def test_a_barred_person_reads_only_the_children_they_may_and_nothing_said_of_all() -> None:
    worker, relative, seen, hidden = a_worker(), a_worker("Farid Khan"), a_child("Leon"), a_child("Noor")
    step = actions.close(step=save(a_panel(worker, seen, hidden), worker), by=worker, at=timezone.now())
    actions.add(step=step, by=worker, words="Of both")
    actions.add(step=step, by=worker, words="Of Noor", person=hidden)
    actions.add(step=step, by=worker, words="Of Leon", person=seen)
    bar(relative, hidden)
    who = viewer(relative)
    assert [part.person for part in queries.meeting_for(who, step.pk, key="panel").shown_parts] == [seen]
    assert [each.words for each in queries.additions_of(who, read(relative, step))] == ["Of Leon"]
    assert len(queries.additions_of(viewer(worker), read(worker, step))) == 3  # the control
    bar(relative, seen)
    with pytest.raises(NotFound):
        queries.meeting_for(viewer(relative), step.pk, key="panel")
