"""A strategy meeting: called, written in, refused until every child has decision and reason, closed, added to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.factories import a_child, a_period, a_team, a_worker, allocate, bar, one_family, viewer

from kith.foundation.access.models import Worker
from kith.foundation.history.models import Change
from kith.record.meetings import actions as meetings
from kith.record.meetings.actions import Came, Closed
from kith.record.meetings.models import Attendance
from kith.record.people.models import Person
from kith.record.people.queries import NotFound
from kith.record.promises.models import Promise
from kith.record.protection import actions, queries
from kith.record.protection.actions import Promised, Words
from kith.record.steps.actions import ChangedMeanwhile, NotReady, complete
from kith.record.steps.facts import steps as step_facts
from kith.record.steps.models import Part, Step
from kith.vocabulary.errors import KithError

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()
REASON = "Bruises seen at school, and no account of them"


def a_meeting(*children: Person, by: Worker, **given: Any) -> Step:
    usual: dict[str, Any] = {
        "reason": REASON,
        "asked_on": TODAY,
        "planned_on": TODAY,
        "agencies": ["social_care", "police", "health"],
        "team": by.posts.first().team_id,
    }
    return actions.convene(children=children, by=by, **usual | given)


def written(step: Step, *, decisions: dict[int, tuple[str, str]] | None = None, **given: Any) -> Words:
    usual: dict[str, Any] = {
        "held_on": TODAY,
        "held_at": None,
        "held_how": "video",
        "reason": REASON,
        "information": "",
    }
    return Words(**usual | given, decisions=decisions or {})


def save(step: Step, by: Worker, words: Words) -> Step:
    step.refresh_from_db()
    return actions.save(step=step, version=step.version, by=by, words=words, now=timezone.now())


def decide_all(step: Step, by: Worker, outcome: str = "section_47", why: str = "Harm is likely") -> Step:
    return save(step, by, written(step, decisions={part.pk: (outcome, why) for part in step.parts.all()}))


def test_calling_one_asks_the_agencies_and_gives_each_child_a_part_in_its_own_need() -> None:
    worker, eldest, youngest = a_worker(), a_child("Leon"), a_child("Maya")
    need = a_period(eldest, "need", code="N1")
    step = a_meeting(eldest, youngest, by=worker)
    assert [row.agency for row in queries.meeting(viewer(worker), step.pk).people] == [
        "social_care",
        "health",
        "police",
    ]
    assert set(step.parts.values_list("person_id", "span")) == {(eldest.pk, need.ref), (youngest.pk, "")}
    assert set(queries.meeting(viewer(worker), step.pk).not_asked) == {"education"}


def test_calling_one_needs_a_worry() -> None:
    with pytest.raises(KithError, match="Say what the worry is"):
        a_meeting(a_child(), by=a_worker(), reason="  ")


def test_it_cannot_be_closed_until_every_child_has_a_decision_and_the_reason_for_it() -> None:
    worker, eldest, youngest = a_worker(), a_child("Leon", "Hart"), a_child("Maya", "Hart", born_on=date(2024, 1, 1))
    step = a_meeting(eldest, youngest, by=worker)
    with pytest.raises(NotReady) as told:
        actions.close(step=step, by=worker, at=timezone.now())
    for said in ("when it was held", "Leon Hart has no decision", "Maya Hart has no reason for the decision"):
        assert said in str(told.value)
    one = step.parts.get(person=eldest)
    step = save(step, worker, written(step, decisions={one.pk: ("section_47", "Harm is likely")}))
    with pytest.raises(NotReady) as told:
        actions.close(step=step, by=worker, at=timezone.now())
    assert "Leon" not in str(told.value)
    assert "Maya Hart has no decision" in str(told.value)
    step = decide_all(step, worker)
    closed = actions.close(step=step, by=worker, at=timezone.now())
    assert (closed.done_on, closed.happened_on) == (TODAY, TODAY)


def test_a_decision_without_its_reason_is_not_enough() -> None:
    worker = a_worker()
    step = a_meeting(a_child("Leon", "Hart"), by=worker)
    step = decide_all(step, worker, why="   ")
    with pytest.raises(NotReady, match="Leon Hart has no reason"):
        actions.close(step=step, by=worker, at=timezone.now())


def test_the_general_page_of_work_cannot_close_it_either() -> None:
    worker = a_worker()
    step = a_meeting(a_child("Leon", "Hart"), by=worker)
    with pytest.raises(NotReady, match="1 without a decision"):
        complete(step=step, version=step.version, by=worker, at=timezone.now())
    done = decide_all(step, worker)
    assert complete(step=done, version=done.version, by=worker, at=timezone.now()).done_on == TODAY


def test_it_is_open_on_the_teams_list_until_it_is_closed_or_does_not_go_ahead() -> None:
    north, south = a_team("North"), a_team("South")
    worker = a_worker(team=north)
    child, leon = a_child(), a_child("Leon")
    allocate(child, worker)
    allocate(leon, worker)
    step, other = a_meeting(child, by=worker), a_meeting(leon, by=worker, team=south.pk)
    who = viewer(worker)
    assert list(queries.open_meetings(who, teams=[north.pk])) == [step]
    assert set(queries.open_meetings(who)) == {step, other}
    actions.close(step=decide_all(step, worker), by=worker, at=timezone.now())
    assert list(queries.open_meetings(who)) == [other]


def test_closing_stamps_the_facts_the_clocks_and_the_controls_see() -> None:
    worker, child = a_worker(), a_child()
    step = a_meeting(child, by=worker)
    actions.close(step=decide_all(step, worker), by=worker, at=timezone.now())
    [row] = step_facts([child.pk]).to_dicts()
    assert (row["kind"], row["happened_on"], row["done_on"], row["outcome"]) == (
        "strategy_meeting",
        TODAY,
        TODAY,
        "section_47",
    )


def test_a_closed_meeting_is_added_to_and_never_changed() -> None:
    worker, child = a_worker(), a_child()
    step = a_meeting(child, by=worker)
    with pytest.raises(KithError, match="still open"):
        meetings.add(step=step, by=worker, words="More")
    step = actions.close(step=decide_all(step, worker), by=worker, at=timezone.now())
    for change in (
        lambda: save(step, worker, written(step, information="Something else")),
        lambda: meetings.invite(step=step, asked=meetings.Asked("police"), by=worker),
        lambda: meetings.mark(attendance=Attendance.objects.filter(step=step).first(), came=Came("PC Hall")),
        lambda: actions.close(step=step, by=worker, at=timezone.now()),
        lambda: actions.promised(step=step, by=worker, on=TODAY, made=[]),
    ):
        with pytest.raises(Closed):
            change()
    with pytest.raises(KithError, match="Nothing was written"):
        meetings.add(step=step, by=worker, words=" ")
    meetings.add(step=step, by=worker, words="The GP rang back", person=child)
    found = queries.meeting(viewer(worker), step.pk)
    assert [row.words for row in found.additions] == ["The GP rang back"]
    assert found.rationale(found.parts[0]) == "Harm is likely"


def test_saving_any_part_at_any_time_keeps_the_rest() -> None:
    worker, child = a_worker(), a_child()
    step = a_meeting(child, by=worker)
    police = Attendance.objects.get(step=step, agency="police")
    came = Came("PC Hall", "Detective", attended=True, apologies=False)
    save(step, worker, written(step, held_on=None, information="Seen once before", people={police.pk: came}))
    decide_all(step, worker)
    found = queries.meeting(viewer(worker), step.pk)
    kept = next(row for row in found.people if row.agency == "police")
    assert (kept.name, kept.came) == ("PC Hall", "came")
    assert found.parts[0].outcome == "section_47"
    assert {row.came for row in found.people if row.agency != "police"} == {""}


def test_who_came_and_what_was_decided_are_in_the_history_and_saving_the_same_adds_nothing() -> None:
    worker = a_worker()
    step = a_meeting(a_child(), by=worker)
    police = Attendance.objects.get(step=step, agency="police")
    words = written(
        step, decisions={step.parts.get().pk: ("section_47", "Harm")}, people={police.pk: Came(attended=True)}
    )
    save(step, worker, words)

    def changes() -> list[int]:
        tables = ("meetings_attendance", "steps_part", "protection_strategydecision")
        return [Change.objects.filter(table=table, act="changed").count() for table in tables]

    assert changes() == [1, 1, 1]
    save(step, worker, words)
    assert changes() == [1, 1, 1]


def test_nobody_both_came_and_sent_apologies() -> None:
    step = a_meeting(a_child(), by=a_worker())
    with pytest.raises(KithError, match="cannot have come and sent apologies"):
        meetings.mark(attendance=step.attendances.first(), came=Came(attended=True, apologies=True))


def test_it_cannot_have_been_held_tomorrow() -> None:
    worker = a_worker()
    step = a_meeting(a_child(), by=worker)
    with pytest.raises(KithError, match="in the future"):
        save(step, worker, written(step, held_on=TODAY + timedelta(days=1)))


def test_the_second_of_two_editors_changes_nothing() -> None:
    worker, other = a_worker(), a_worker("Ben Sutton")
    step = a_meeting(a_child(), by=worker)
    part = step.parts.get()
    opened_at = step.version
    save(step, worker, written(step, information="First", decisions={part.pk: ("section_47", "First")}))
    with pytest.raises(ChangedMeanwhile):
        mine = written(step, information="Second", decisions={part.pk: ("no_further_action", "Second")})
        actions.save(step=step, version=opened_at, by=other, words=mine, now=timezone.now())
    found = queries.meeting(viewer(worker), step.pk)
    assert (found.detail.information, found.parts[0].outcome) == ("First", "section_47")
    assert found.rationale(found.parts[0]) == "First"


def test_a_promise_for_several_children_is_one_for_each() -> None:
    worker, eldest, youngest = a_worker(), a_child("Leon"), a_child("Maya")
    step = a_meeting(eldest, youngest, by=worker)
    due = TODAY + timedelta(days=3)
    made = [
        Promised([eldest, youngest], "Medical at the hospital", due, owner_agency="health", owner_name="Dr Osei"),
        Promised([eldest], "See Leon at school", due, owner=worker),
    ]
    assert actions.promised(step=step, by=worker, on=TODAY, made=made) == 3
    assert set(Promise.objects.values_list("person__forename", "what", "made_in")) == {
        ("Leon", "Medical at the hospital", step.ref),
        ("Maya", "Medical at the hospital", step.ref),
        ("Leon", "See Leon at school", step.ref),
    }


def test_a_promise_that_cannot_stand_leaves_none_of_them_behind() -> None:
    worker, child = a_worker(), a_child()
    step = a_meeting(child, by=worker)
    good = Promised([child], "Ring the school", TODAY, owner=worker)
    with pytest.raises(KithError, match="due before"):
        bad = Promised([child], "Too late", TODAY - timedelta(days=1), owner=worker)
        actions.promised(step=step, by=worker, on=TODAY, made=[good, bad])
    assert not Promise.objects.exists()


def test_sending_the_decisions_out_is_said_once_and_never_before_the_meeting() -> None:
    worker = a_worker()
    step = decide_all(a_meeting(a_child(), by=worker), worker)
    with pytest.raises(KithError, match="future"):
        actions.circulated(step=step, on=TODAY + timedelta(days=1), today=TODAY)
    with pytest.raises(KithError, match="before the meeting"):
        actions.circulated(step=step, on=TODAY - timedelta(days=1), today=TODAY)
    assert actions.circulated(step=step, on=TODAY, today=TODAY).circulated_on == TODAY
    with pytest.raises(KithError, match="recorded already"):
        actions.circulated(step=step, on=TODAY, today=TODAY)


def test_somebody_barred_from_every_child_finds_no_meeting() -> None:
    worker, relative, child = a_worker(), a_worker("Farid Khan"), a_child()
    step = a_meeting(child, by=worker)
    bar(relative, child)
    with pytest.raises(NotFound):
        queries.meeting(viewer(relative), step.pk)
    assert not queries.open_meetings(viewer(relative)).exists()
    assert queries.meeting(viewer(worker), step.pk).step == step  # the control


def test_somebody_barred_from_one_child_reads_nothing_of_that_child() -> None:
    worker, relative, seen, hidden = (
        a_worker(),
        a_worker("Farid Khan"),
        a_child("Leon", "Hart"),
        a_child("Noor", "Khan"),
    )
    one_family(seen, hidden)
    step = a_meeting(seen, hidden, by=worker)
    bar(relative, hidden)
    actions.promised(step=step, by=worker, on=TODAY, made=[Promised([seen, hidden], "Medical", TODAY, owner=worker)])
    found = queries.meeting(viewer(relative), step.pk)
    assert found.in_part
    assert found.people == ()
    assert [part.person for part in found.parts] == [seen]
    assert [row.person for row in found.promises] == [seen]
    assert queries.children_to_choose(viewer(relative), seen.pk) == [seen]
    with pytest.raises(NotReady) as told:
        actions.close(step=step, by=relative, at=timezone.now(), may_see=[seen.pk])
    assert "Noor" not in str(told.value)
    assert "A child whose record you may not open has no decision" in str(told.value)
    with pytest.raises(NotReady) as told:
        complete(step=step, version=step.version, by=relative, at=timezone.now())
    assert "Noor" not in str(told.value)
    assert not queries.meeting(viewer(worker), step.pk).in_part  # the control


def test_parts_of_another_meeting_are_never_touched() -> None:
    worker = a_worker()
    step, other = a_meeting(a_child(), by=worker), a_meeting(a_child("Leon"), by=worker)
    theirs = other.parts.get()
    save(step, worker, written(step, decisions={theirs.pk: ("section_47", "Wrong meeting")}))
    assert Part.objects.get(pk=theirs.pk).outcome == ""
