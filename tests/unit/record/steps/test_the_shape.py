"""The shape of a step: a kind that the test itself adds gets everything from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_team, a_worker, allocate, bar, grant, viewer

from kith.foundation.access.models import Worker
from kith.foundation.history.models import Opening
from kith.record.deadlines import sources
from kith.record.people.models import Person
from kith.record.steps import actions, kinds, queries
from kith.record.steps.actions import PartToRecord
from kith.record.steps.kinds import Kind
from kith.record.steps.models import Part, SignOff, Step
from kith.vocabulary.errors import KithError

TODAY = timezone.localdate
SHOUT = "a_shout_in_the_street"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')  # differs each time, whatever the page


def needs_words(step: Step) -> list[str]:
    return [] if step.summary else ["nobody has said what was shouted"]


@pytest.fixture
def shout(record: None) -> Iterator[Kind]:
    """A kind that Kith has never heard of: a key, two names, who may record one, and that a manager signs it."""
    kind = Kind(
        key=SHOUT,
        name="Shout in the street",
        plural="Shouts in the street",
        outcomes={"heard": "somebody heard"},
        capability="hold_meeting",
        needs_sign_off=True,
        ready=needs_words,
    )
    kinds.register(kind)
    yield kind
    kinds._kinds.pop(SHOUT)


@pytest.fixture
def worker(record: None) -> Worker:
    return a_worker("Asha Rahman")


@pytest.fixture
def manager(worker: Worker) -> Worker:
    return a_worker("Grace Owusu", role="team_manager")


@pytest.fixture
def sisters(worker: Worker) -> tuple[Person, Person]:
    found = a_child("Ana", "Silva"), a_child("Bea", "Silva")
    for child in found:
        allocate(child, worker)
    return found


def a_shout(worker: Worker, *children: Person, summary: str = "Somebody shouted") -> Step:
    return actions.record(
        key=SHOUT,
        parts=[
            PartToRecord(person=each, outcome="heard", words=f"{each.forename} covered her ears") for each in children
        ],
        by=worker,
        opened_on=TODAY() - timedelta(days=2),
        happened_on=TODAY() - timedelta(days=1),
        summary=summary,
    )


def get(client: Client, url: str, by: Worker) -> str:
    client.force_login(by.account)
    answer = client.get(url)
    assert answer.status_code == 200, f"{url} answered {answer.status_code}"
    return answer.content.decode()


def test_a_new_kind_gets_a_list_with_filters_and_a_count(
    shout: Kind, worker: Worker, sisters: tuple[Person, Person], client: Client
) -> None:
    a_shout(worker, *sisters)
    a_shout(a_worker("Somebody Else"), sisters[0])
    whole = get(client, f"/work/{SHOUT}/", worker)
    assert "Shouts in the street" in whole
    assert 'data-count="2"' in whole
    assert 'data-count="1"' in get(client, f"/work/{SHOUT}/?worker={worker.pk}", worker)
    assert 'data-count="0"' in get(client, f"/work/{SHOUT}/?state=done", worker)
    assert 'data-count="0"' in get(client, f"/work/{SHOUT}/?from={TODAY()}", worker)
    assert 'data-count="2"' in get(client, f"/work/?kind={SHOUT}&state=unfinished", worker)
    assert 'value="a_shout_in_the_street"' in get(client, "/work/", worker)


def test_a_new_kind_gets_a_page_and_a_print_with_each_childs_part_and_its_history(
    shout: Kind, worker: Worker, sisters: tuple[Person, Person], client: Client
) -> None:
    step = a_shout(worker, *sisters)
    for url in (f"/work/{SHOUT}/{step.pk}/", f"/work/{SHOUT}/{step.pk}/print/"):
        text = get(client, url, worker)
        for words in ("Ana covered her ears", "Bea covered her ears", "Somebody heard", "Somebody shouted"):
            assert words in text
        assert "Who wrote and changed this" in text
    assert Opening.objects.filter(page=f"work/{SHOUT}", worker=worker.pk).count() == 4
    assert set(Opening.objects.values_list("relationship", flat=True)) == {"allocated"}


def test_a_new_kind_is_in_each_childs_own_chronology_with_that_childs_words_alone(
    shout: Kind, worker: Worker, sisters: tuple[Person, Person], client: Client
) -> None:
    a_shout(worker, *sisters)
    text = get(client, f"/children/{sisters[0].pk}/record/", worker)
    assert "Shout in the street" in text
    assert "Ana covered her ears" in text
    assert "Bea covered her ears" not in text


def as_seen(step: Step, **said: str) -> dict[str, str]:
    """What a form of the step's page sends: what was said, and the version that was seen."""
    return said | {"version": str(Step.objects.get(pk=step.pk).version)}


def test_a_new_kind_cannot_be_closed_until_it_is_ready(
    shout: Kind, worker: Worker, sisters: tuple[Person, Person], client: Client
) -> None:
    step = a_shout(worker, sisters[0], summary="")
    client.force_login(worker.account)
    text = client.post(f"/work/{SHOUT}/{step.pk}/complete/", as_seen(step)).content.decode()
    assert "nobody has said what was shouted" in text
    step.refresh_from_db()
    assert step.submitted_at is None


def test_a_new_kind_is_sent_for_sign_off_returned_sent_again_and_signed(
    shout: Kind, worker: Worker, manager: Worker, sisters: tuple[Person, Person], client: Client
) -> None:
    step = a_shout(worker, *sisters)
    page = f"/work/{SHOUT}/{step.pk}/"
    client.force_login(worker.account)
    client.post(page + "complete/", as_seen(step))
    assert "Waiting for sign-off" in get(client, page, worker)
    client.force_login(manager.account)
    refused = client.post(page + "answer/", as_seen(step, answer="returned")).content.decode()
    assert "Say what needs to change" in refused
    client.post(page + "answer/", as_seen(step, answer="returned", comment="Who shouted?"))
    assert "Returned with a comment" in get(client, page, worker)
    assert "Who shouted?" in get(client, page, worker)
    client.post(page + "complete/", as_seen(step))
    client.force_login(manager.account)
    client.post(page + "answer/", as_seen(step, answer="signed"))
    step.refresh_from_db()
    assert step.done_on == TODAY()
    assert list(SignOff.objects.order_by("pk").values_list("answer", flat=True)) == ["returned", "signed"]
    assert "Signed off" in get(client, page, worker)


def test_nobody_signs_off_their_own_work_nor_without_the_right_to(
    shout: Kind, worker: Worker, manager: Worker, sisters: tuple[Person, Person], client: Client
) -> None:
    own = a_shout(manager, sisters[0])
    own = actions.complete(step=own, version=own.version, by=manager, at=timezone.now())
    with pytest.raises(KithError, match="cannot sign off your own"):
        actions.answer(step=own, version=own.version, by=manager, signed=True, at=timezone.now())
    client.force_login(worker.account)
    assert client.post(f"/work/{SHOUT}/{own.pk}/answer/", as_seen(own, answer="signed")).status_code == 403
    own.refresh_from_db()
    assert own.done_on is None


def test_a_cancelled_step_stays_with_its_reason_and_leaves_the_clocks(
    shout: Kind, worker: Worker, sisters: tuple[Person, Person], client: Client
) -> None:
    step = a_shout(worker, *sisters)
    seen = lambda: set(sources.steps([sisters[0].pk])["ref"])  # noqa: E731
    assert Part.objects.get(step=step, person=sisters[0]).ref in seen()
    client.force_login(worker.account)
    assert "Say why" in client.post(f"/work/{SHOUT}/{step.pk}/cancel/", as_seen(step, why=" ")).content.decode()
    client.post(f"/work/{SHOUT}/{step.pk}/cancel/", as_seen(step, why="It was the next street"))
    assert "It was the next street" in get(client, f"/work/{SHOUT}/{step.pk}/", worker)
    assert seen() == set()


def test_a_kind_that_the_clocks_watch_moves_them_with_no_more_than_its_facts(
    worker: Worker, sisters: tuple[Person, Person]
) -> None:
    """Core groups have nothing of their own: no model, no form. Recording one through the shape meets their clock."""
    from tests.factories import a_period, holds

    from kith.record.deadlines.actions import recompute
    from kith.record.deadlines.models import Deadline

    child = sisters[0]
    holds("core_group.happened")
    plan = a_period(child, "cp_plan", days=5)
    recompute(people=[child.pk], on=TODAY())
    due = Deadline.objects.get(person=child, rule="core_group_first")
    parts = [PartToRecord(person=child, span=plan.ref)]
    step = actions.record(key="core_group", parts=parts, by=worker, happened_on=TODAY())
    due.refresh_from_db()
    assert (due.open, due.met_on, due.met_by) == (False, TODAY(), step.parts.get().ref)


def test_a_child_one_may_not_know_of_is_on_no_page_of_a_step_and_in_no_list(
    shout: Kind, worker: Worker, sisters: tuple[Person, Person], client: Client
) -> None:
    ana, bea = sisters
    together, alone = a_shout(worker, ana, bea), a_shout(worker, bea)
    relative = a_worker("Rosa Silva", team=a_team("Through Care"))
    allocate(ana, relative, role="Family support")
    bar(relative, bea)
    text = get(client, f"/work/{SHOUT}/{together.pk}/", relative)
    assert "Ana" in text
    assert "Bea" not in text
    assert client.get(f"/work/{SHOUT}/{alone.pk}/").status_code == 404
    nothing, hidden = (client.get(f"/work/{SHOUT}/{pk}/").content.decode() for pk in (999999, alone.pk))
    assert TOKEN.sub("", nothing) == TOKEN.sub("", hidden)
    assert 'data-count="1"' in get(client, f"/work/{SHOUT}/", relative)
    assert not Opening.objects.filter(worker=relative.pk, person=bea.pk).exists()
    for url in ("complete", "cancel"):
        assert client.post(f"/work/{SHOUT}/{alone.pk}/{url}/", {"why": "x"}).status_code == 404


def test_what_led_to_a_step_and_what_it_led_to_are_a_click_apart(
    shout: Kind, worker: Worker, sisters: tuple[Person, Person], client: Client
) -> None:
    first = a_shout(worker, sisters[0])
    part = first.parts.get()
    second = actions.record(key=SHOUT, parts=[PartToRecord(person=sisters[0])], by=worker, led_from=part.ref)
    assert f"/work/{SHOUT}/{second.pk}/" in get(client, f"/work/{SHOUT}/{first.pk}/", worker)
    assert f"/work/{SHOUT}/{first.pk}/" in get(client, f"/work/{SHOUT}/{second.pk}/", worker)


def test_the_second_of_two_who_change_a_step_is_told_and_nothing_is_overwritten(
    shout: Kind, worker: Worker, sisters: tuple[Person, Person]
) -> None:
    step = a_shout(worker, sisters[0])
    actions.change(step=step, version=1, by=worker, summary="The first to save")
    with pytest.raises(actions.ChangedMeanwhile):
        actions.change(step=step, version=1, by=worker, summary="The second to save")
    step.refresh_from_db()
    assert (step.summary, step.version) == ("The first to save", 2)


def test_a_page_asks_as_many_questions_whatever_the_history(
    shout: Kind, worker: Worker, sisters: tuple[Person, Person], client: Client
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(worker.account)
    for _ in range(3):
        a_shout(worker, *sisters)
    with CaptureQueriesContext(connection) as short:
        assert client.get(f"/work/{SHOUT}/").status_code == 200
    for _ in range(20):
        a_shout(worker, *sisters)
    with CaptureQueriesContext(connection) as long:
        assert client.get(f"/work/{SHOUT}/").status_code == 200
    assert len(long) <= len(short) <= 15  # three of them tell PostgreSQL who is acting, in which role


def test_six_personas_at_a_steps_page(
    shout: Kind, worker: Worker, manager: Worker, sisters: tuple[Person, Person], client: Client
) -> None:
    """Who is refused, and who may do what: the allocated worker, a teammate, another team, the reviewing officer …"""
    step = a_shout(worker, *sisters)
    page = f"/work/{SHOUT}/{step.pk}/"
    teammate = a_worker("Team Mate")
    other = a_worker("Other Team", team=a_team("Through Care"))
    stranger = a_worker("No Part", team=a_team("Through Care"))
    reviewing = a_worker("Ruth Iro", role="reviewing_officer", team=a_team("Reviewing Service"))
    for sister in sisters:
        allocate(sister, other, role="Family support", team=a_team("Family Centre"))
        allocate(sister, reviewing, role="Reviewing officer")
    auditor = a_worker("Ola Auditor", role="auditor", team=a_team("Quality Assurance"))
    grant(auditor, *sisters)
    barred = a_worker("Rosa Silva")
    bar(barred, *sisters)
    finish, gone = "Send for sign-off", "should not be here"
    may = {
        each.name: (finish in text, gone in text)
        for each in (worker, teammate, other, reviewing, auditor, manager)
        for text in [get(client, page, each)]
    }
    assert may == {
        "Asha Rahman": (True, True),
        "Team Mate": (True, False),
        "Other Team": (True, False),
        "Ruth Iro": (True, False),
        "Ola Auditor": (False, False),
        "Grace Owusu": (True, True),
    }
    client.force_login(barred.account)
    assert client.get(page).status_code == 404
    assert not queries.steps_for(viewer(barred)).filter(pk=step.pk).exists()
    client.force_login(stranger.account)
    assert client.get(page).status_code == 404
    client.force_login(barred.account)
    client.force_login(auditor.account)
    assert client.post(page + "complete/", as_seen(step)).status_code == 403
