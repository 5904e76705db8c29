"""Changing a visit: the clock follows, and of two who change it at once neither loses a word."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_period, a_step, a_team, a_worker, allocate, at, bar, one_family

from kith.foundation.access.models import Worker
from kith.foundation.drafts.models import Clash
from kith.record.deadlines.models import Deadline
from kith.record.people.models import Person
from kith.record.steps.actions import ChangedMeanwhile
from kith.record.steps.models import Part, Step
from kith.record.visits.actions import ChildVisited, NotUnderThatPlan, change_visit, record_visit
from kith.record.visits.models import Visit, VisitPart
from kith.vocabulary.errors import KithError

TODAY = timezone.localdate


@pytest.fixture
def asha(record: None) -> Worker:
    return a_worker("Asha Rahman")


@pytest.fixture
def children(asha: Worker) -> list[Person]:
    found = [a_child("Imran"), a_child("Yusuf")]
    one_family(*found)
    for child in found:
        a_period(child, "cp_plan", days=60)
        allocate(child, asha)
    return found


def a_visit(by: Worker, *children: Person, days: int = 3, **changes: Any) -> Step:
    told = {"code": "cp", "seen": True, "seen_alone": True, "said": "I like school", "letter": "Dear you"} | changes
    parts = [ChildVisited(person=child, **told) for child in children]
    return record_visit(children=parts, happened_at=at(TODAY() - timedelta(days=days)), where="At home", by=by)


def posted(step: Step, **changes: Any) -> dict[str, str]:
    """The form of a visit as it would be sent unchanged, with changes."""
    day = timezone.localtime(step.happened_at)
    body = {"day-day": day.day, "day-month": day.month, "day-year": day.year, "time": "10:00", "where": "At home"}
    for part in step.parts.select_related("person"):
        mine = {"code": "cp", "seen": "yes", "seen_alone": "yes", "said": "I like school", "letter": "Dear you"}
        body |= {f"child-{part.person_id}-{name}": value for name, value in mine.items()}
    return {name: str(value) for name, value in ({"version": step.version} | body | changes).items()}


def test_changing_the_day_moves_the_clock_with_it(asha: Worker, children: list[Person], client: Client) -> None:
    step = a_visit(asha, *children)
    before = Deadline.objects.get(person=children[0], rule="cp_visit", open=True)
    client.force_login(asha.account)
    earlier = TODAY() - timedelta(days=10)
    answer = client.post(
        f"/visits/{step.pk}/change/",
        posted(step, **{"day-day": earlier.day, "day-month": earlier.month, "day-year": earlier.year}),
    )
    assert answer.status_code == 302, answer.content.decode()
    assert Deadline.objects.get(person=children[0], rule="cp_visit", open=True).due_on < before.due_on


def test_saying_that_a_child_was_not_seen_after_all_opens_the_clock_again(
    asha: Worker, children: list[Person], client: Client
) -> None:
    step = a_visit(asha, *children)
    assert not Deadline.objects.get(person=children[0], rule="cp_visit_first").open
    client.force_login(asha.account)
    name = f"child-{children[0].pk}"
    client.post(f"/visits/{step.pk}/change/", posted(step, **{f"{name}-seen": "no", f"{name}-why_not_seen": "Asleep"}))
    assert Deadline.objects.get(person=children[0], rule="cp_visit_first").open
    assert not Deadline.objects.get(person=children[1], rule="cp_visit_first").open
    part = VisitPart.objects.get(part__person=children[0])
    assert (part.seen, part.seen_alone, part.why_not_seen) == (False, None, "Asleep")


def test_the_form_opens_with_what_is_saved(asha: Worker, children: list[Person], client: Client) -> None:
    step = a_visit(asha, *children)
    client.force_login(asha.account)
    text = client.get(f"/visits/{step.pk}/change/").content.decode()
    assert text.count("Dear you") == 2
    assert 'value="At home"' in text
    assert f'name="version" value="{step.version}"' in text


def test_the_second_to_save_is_told_both_texts_are_shown_and_both_may_be_kept(
    asha: Worker, children: list[Person], client: Client
) -> None:
    step = a_visit(asha, children[0])
    other = a_worker("Grace Owusu")
    letter = f"child-{children[0].pk}-letter"
    client.force_login(asha.account)
    client.post(f"/visits/{step.pk}/change/", posted(step, **{letter: "Dear Imran, from Asha"}))
    client.force_login(other.account)
    answer = client.post(
        f"/visits/{step.pk}/change/", posted(step, **{letter: "Dear Imran, from Grace", "where": "At school"})
    )
    clash = Clash.objects.get()
    assert answer.headers["Location"] == f"/drafts/clash/{clash.pk}/"
    assert VisitPart.objects.get().letter == "Dear Imran, from Asha"
    text = client.get(answer.headers["Location"]).content.decode()
    for words in ("Dear Imran, from Asha", "Dear Imran, from Grace", "At home", "At school", "Asha Rahman"):
        assert words in text, words
    step.refresh_from_db()
    both = {"version": step.version, "keep": "both"}
    for number, words in numbered(text).items():
        both[f"answer-{number}"] = "Dear Imran, from us both" if "letter" in words else "mine"
    settled = client.post(answer.headers["Location"], both)
    assert settled.status_code == 302, settled.content.decode()
    assert VisitPart.objects.get().letter == "Dear Imran, from us both"
    clash.refresh_from_db()
    assert (clash.kept, clash.settled_by) == ("both", other)


def numbered(text: str) -> dict[str, str]:
    """The boxes of a clash page by number, with what each is about."""
    import re

    heads = re.split(r'<h2 class="govuk-heading-m">', text)[1:]
    return {m[1]: head[:80] for head in heads if (m := re.search(r'name="answer-(\d+)"', head))}


def test_the_action_itself_refuses_an_old_version_and_changes_nothing(asha: Worker, children: list[Person]) -> None:
    step = a_visit(asha, children[0])
    told = [ChildVisited(person=children[0], code="cp", seen=True, seen_alone=True, letter="New")]
    change_visit(step=step, version=step.version, children=told, happened_at=step.happened_at, where="Park", by=asha)
    with pytest.raises(ChangedMeanwhile):
        change_visit(step=step, version=1, children=told, happened_at=step.happened_at, where="Shop", by=asha)
    assert Visit.objects.get().where == "Park"


def test_a_visit_loaded_from_another_system_may_be_changed_too(
    asha: Worker, children: list[Person], client: Client
) -> None:
    day = TODAY() - timedelta(days=4)
    step = a_step(children[0], happened_on=day, span=children[0].periods.get().ref)
    VisitPart.objects.create(part=step.parts.get(), seen=True, where="At school", said="Hello")
    client.force_login(asha.account)
    text = client.get(f"/visits/{step.pk}/change/").content.decode()
    assert 'value="At school"' in text
    assert "Hello" in text
    step.happened_at = at(day)
    client.post(f"/visits/{step.pk}/change/", posted(step, where="At school"))
    assert Visit.objects.get(step=step).where == "At school"
    assert Part.objects.get().outcome == "seen_alone"


def test_a_barred_worker_changes_nothing_of_the_child_hidden_from_them(
    asha: Worker, children: list[Person], client: Client
) -> None:
    both, alone = a_visit(asha, *children), a_visit(asha, children[1])
    relative = a_worker("Noor Begum", team=a_team("Through Care"))
    bar(relative, children[1])
    client.force_login(relative.account)
    assert client.get(f"/visits/{alone.pk}/change/").status_code == 404
    assert "Yusuf" not in client.get(f"/visits/{both.pk}/change/").content.decode()
    client.post(f"/visits/{both.pk}/change/", posted(both, **{f"child-{children[1].pk}-letter": "Forged"}))
    assert VisitPart.objects.get(part__step=both, part__person=children[1]).letter == "Dear you"


def test_an_auditor_may_read_a_visit_and_not_record_or_change_one(
    asha: Worker, children: list[Person], client: Client
) -> None:
    step = a_visit(asha, *children)
    client.force_login(a_worker("Ola", role="auditor", team=a_team("Quality Assurance")).account)
    assert "Change this record" not in client.get(f"/work/visit/{step.pk}/").content.decode()
    assert client.get(f"/visits/{step.pk}/change/").status_code == 403
    assert client.get(f"/visits/new/?child={children[0].pk}").status_code == 403


@pytest.mark.parametrize(
    ("changes", "days", "wrong"),
    [
        ({"seen": False}, 3, "Say why Imran Begum was not seen"),
        ({"code": "cla"}, 3, "was not looked after"),
        ({"code": "cp"}, 90, "was not on a child protection plan"),
        ({}, -2, "before it has happened"),
    ],
)
def test_what_cannot_be_is_refused_by_the_action_whoever_calls_it(
    asha: Worker, children: list[Person], changes: dict[str, Any], days: int, wrong: str
) -> None:
    with pytest.raises(KithError, match=wrong):
        a_visit(asha, children[0], days=days, **changes)
    assert not Step.objects.exists()


def test_a_child_in_need_may_be_visited_before_there_is_a_plan_and_then_under_it(asha: Worker) -> None:
    child = a_child("Mina")
    a_period(child, "need", code="N1", days=30)
    assert a_visit(asha, child, days=20, code="cin").parts.get().span == ""
    plan = a_period(child, "cin_plan", code="", days=10)
    assert a_visit(asha, child, days=5, code="cin").parts.get().span == plan.ref
    with pytest.raises(NotUnderThatPlan):
        a_visit(asha, child, days=5, code="care_leaver")
