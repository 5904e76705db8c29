"""Promises: made, kept, dropped, counted; each count opens its list; nobody reads another's barred child."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_step, a_team, a_worker, allocate, bar, restrict, viewer

from kith.foundation.access.models import Worker
from kith.foundation.history.models import Change, Opening
from kith.record.deadlines.models import Deadline
from kith.record.deadlines.openings import named
from kith.record.extracting.extract import extract
from kith.record.people.models import Person
from kith.record.people.queries import NotFound
from kith.record.promises import actions, queries
from kith.record.promises.models import Promise
from kith.record.promises.states import state_of
from kith.record.steps.actions import ChangedMeanwhile
from kith.statutory.returns.ssd.journeys import facts
from kith.vocabulary.errors import KithError

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def a_promise(child: Person, by: Worker, *, due: int = 5, **given: Any) -> Promise:
    given = {"what": "Visit at school", "made_on": days(-20), "due_on": days(due), "owner": by} | given
    return actions.promise(person=child, by=by, **given)


def kept(row: Promise, by: Worker, *, on: int = 0) -> Promise:
    return actions.mark_done(
        promise=row, version=row.version, by=by, on=days(on), today=TODAY, evidence="I went", effect="She smiled"
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"what": "  "}, "Say what will be done"),
        ({"owner": None}, "Nobody owns this promise"),
        ({"due_on": None}, "Say by when"),
        ({"due_on": date(2000, 1, 1)}, "due before it was promised"),
    ],
)
def test_a_promise_without_words_owner_or_day_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(KithError, match=said):
        a_promise(a_child(), a_worker(), **given)
    assert not Promise.objects.exists()


def test_another_agency_may_own_it_by_name() -> None:
    row = a_promise(a_child(), a_worker(), owner=None, owner_name="PC Hall", owner_agency="police")
    assert state_of(row, on=TODAY) == "open"


def test_done_needs_a_day_that_can_be_and_how_we_know() -> None:
    worker = a_worker()
    row = a_promise(a_child(), worker)
    given = {"promise": row, "version": row.version, "by": worker, "today": TODAY}
    with pytest.raises(KithError, match="how you know"):
        actions.mark_done(**given, on=TODAY, evidence=" ")
    with pytest.raises(KithError, match="in the future"):
        actions.mark_done(**given, on=days(1), evidence="I will go")
    with pytest.raises(KithError, match="before it was promised"):
        actions.mark_done(**given, on=days(-21), evidence="I went")
    assert state_of(kept(row, worker), on=TODAY) == "on_time"


def test_done_on_the_due_day_is_on_time_and_the_day_after_is_late() -> None:
    worker, child = a_worker(), a_child()
    assert state_of(kept(a_promise(child, worker, due=-3), worker, on=-3), on=TODAY) == "on_time"
    assert state_of(kept(a_promise(child, worker, due=-3), worker, on=-2), on=TODAY) == "late"


def test_a_promise_is_overdue_the_day_after_it_was_due() -> None:
    worker, child = a_worker(), a_child()
    assert state_of(a_promise(child, worker, due=0), on=TODAY) == "open"
    assert state_of(a_promise(child, worker, due=-1), on=TODAY) == "overdue"


def test_a_closed_promise_is_not_closed_twice_but_may_be_taken_up_again() -> None:
    worker = a_worker()
    row = kept(a_promise(a_child(), worker), worker)
    with pytest.raises(KithError, match="closed"):
        actions.drop(promise=row, version=row.version, on=TODAY, why="Moved away")
    again = actions.take_up_again(promise=row, version=row.version)
    assert state_of(again, on=TODAY) == "open"
    assert Change.objects.filter(table="promises_promise", row=str(row.pk)).count() == 3


def test_dropping_needs_a_reason() -> None:
    row = a_promise(a_child(), a_worker())
    with pytest.raises(KithError, match="Say why"):
        actions.drop(promise=row, version=row.version, on=TODAY, why="")


def test_the_second_of_two_editors_is_told_and_overwrites_nothing() -> None:
    worker = a_worker()
    row = a_promise(a_child(), worker)
    actions.change(promise=row, version=row.version, columns={"what": "Visit at home"})
    with pytest.raises(ChangedMeanwhile):
        actions.change(promise=row, version=row.version, columns={"what": "Ring"})
    row.refresh_from_db()
    assert row.what == "Visit at home"


def a_ledger(child: Person, worker: Worker) -> None:
    kept(a_promise(child, worker, due=-5), worker, on=-6)
    kept(a_promise(child, worker, due=-5), worker, on=-1)
    a_promise(child, worker, due=-2)
    a_promise(child, worker, due=9)
    row = a_promise(child, worker, due=9)
    actions.drop(promise=row, version=row.version, on=TODAY, why="The family moved")


def test_the_ledger_counts_and_every_count_opens_exactly_its_list(client: Client) -> None:
    worker, child = a_worker(), a_child()
    a_ledger(child, worker)
    a_promise(a_child("Other"), worker)
    found = queries.for_child(viewer(worker), child, on=TODAY)
    counted = {each.title: each.count for each in found.counts}
    assert counted == {"Made": 5, "Done on time": 1, "Done late": 1, "Open": 2, "Overdue": 1, "Dropped": 1}
    assert [each.due_on for each in found.open] == [days(-2), days(9)]
    client.force_login(worker.account)
    for listing in found.counts:
        page = client.get(listing.url).content.decode()
        assert f"{listing.count} promise" in page, listing
        assert page.count('class="govuk-table__row" role="row"') == listing.count + 1, listing


def test_my_own_open_promises_soonest_first_until_a_day() -> None:
    mine, other, child = a_worker(), a_worker("Ben Sutton"), a_child()
    late, soon, far = (a_promise(child, mine, due=due) for due in (-1, 3, 30))
    a_promise(child, other)
    kept(a_promise(child, mine, due=1), mine)
    assert list(queries.owned_by(viewer(mine))) == [late, soon, far]
    assert list(queries.owned_by(viewer(mine), until=days(10))) == [late, soon]


def test_a_list_by_team_is_the_children_that_team_holds_and_by_kind_where_it_was_made() -> None:
    north, south = a_team("North"), a_team("South")
    worker, other = a_worker(team=north), a_worker("Ben Sutton", team=south)
    ours, theirs = a_child(), a_child("Leon")
    allocate(ours, worker)
    allocate(theirs, other)
    step = a_step(ours, kind="strategy_meeting", code="", happened_on=TODAY)
    wanted = a_promise(ours, worker, made_in=step.ref)
    a_promise(theirs, worker)
    who = viewer(worker)
    assert list(queries.listed(who, {"team": north.pk}, on=TODAY)) == [wanted]
    assert list(queries.listed(who, {"kind": "strategy_meeting"}, on=TODAY)) == [wanted]
    assert list(queries.made_in(who, step.ref)) == [wanted]


def test_a_barred_worker_finds_no_promise_anywhere(client: Client) -> None:
    worker, relative, child = a_worker(), a_worker("Farid Khan"), a_child()
    row = a_promise(child, worker, owner=relative)
    bar(relative, child)
    barred = viewer(relative)
    assert not queries.owned_by(barred).exists()
    assert not queries.listed(barred, {}, on=TODAY).exists()
    assert queries.for_child(barred, child, on=TODAY).made == 0
    with pytest.raises(NotFound):
        queries.promise_for(barred, row.pk)
    client.force_login(relative.account)
    assert client.get(f"/promises/{row.pk}/").status_code == 404
    assert client.get(f"/promises/?child={child.pk}").status_code == 404
    assert "Visit at school" not in client.get("/promises/").content.decode()
    # The control: somebody who is not barred finds it in each of those places.
    client.force_login(worker.account)
    assert client.get(f"/promises/{row.pk}/").status_code == 200
    assert "Visit at school" in client.get("/promises/").content.decode()


def test_a_restricted_childs_promises_are_hidden_from_those_not_named() -> None:
    worker, child = a_worker(), a_child()
    a_promise(child, worker)
    restrict(child)
    assert not queries.promises_for(viewer(worker)).exists()


def test_the_page_of_a_promise_records_that_it_was_opened(client: Client) -> None:
    worker, child = a_worker(), a_child()
    allocate(child, worker)
    row = a_promise(child, worker)
    client.force_login(worker.account)
    page = client.get(f"/promises/{row.pk}/")
    assert "Visit at school" in page.content.decode()
    [seen] = Opening.objects.filter(person=child.pk)
    assert (seen.worker, seen.page, seen.relationship) == (worker.pk, "promise", "allocated")


def test_saying_on_the_page_that_it_was_done(client: Client) -> None:
    worker, child = a_worker(), a_child()
    row = a_promise(child, worker)
    client.force_login(worker.account)
    day = {"done_on-day": TODAY.day, "done_on-month": TODAY.month, "done_on-year": TODAY.year}
    bad = client.post(f"/promises/{row.pk}/done/", day | {"version": 1, "evidence": ""})
    assert "There is a problem" in bad.content.decode()
    assert "Answer the question: How do you know?" in bad.content.decode()
    good = client.post(f"/promises/{row.pk}/done/", day | {"version": 1, "evidence": "I went on Tuesday"})
    assert good.status_code == 302
    row.refresh_from_db()
    assert (row.done_on, row.done_by, row.evidence) == (TODAY, worker, "I went on Tuesday")
    assert "I went on Tuesday" in client.get(f"/promises/{row.pk}/").content.decode()


def test_dropping_and_taking_up_again_on_the_page(client: Client) -> None:
    worker, child = a_worker(), a_child()
    row = a_promise(child, worker)
    client.force_login(worker.account)
    assert "There is a problem" in client.post(f"/promises/{row.pk}/drop/", {"version": 1, "why": ""}).content.decode()
    met = client.post(f"/promises/{row.pk}/drop/", {"version": 7, "why": "Moved"})
    assert met.headers["Location"].startswith("/drafts/clash/")
    assert client.post(f"/promises/{row.pk}/drop/", {"version": 1, "why": "Moved"}).status_code == 302
    assert client.post(f"/promises/{row.pk}/again/", {"version": 2}).status_code == 302
    row.refresh_from_db()
    assert (row.dropped_on, row.version) == (None, 3)


def test_a_role_that_may_not_record_promises_may_read_but_not_change(client: Client) -> None:
    worker, auditor = a_worker(), a_worker("Effie Laurent", role="auditor")
    row = a_promise(a_child(), worker)
    client.force_login(auditor.account)
    page = client.get(f"/promises/{row.pk}/").content.decode()
    assert "Save that it was done" not in page
    assert client.post(f"/promises/{row.pk}/drop/", {"version": 1, "why": "No"}).status_code == 403


def test_filters_that_mean_nothing_are_left_out(client: Client) -> None:
    worker = a_worker()
    client.force_login(worker.account)
    page = client.get("/promises/?owner=x&state=y&due_until=2026-99-99&team=z&page=-3")
    assert page.status_code == 200
    assert "No promise fits" in page.content.decode()


def test_promising_something_outside_any_meeting(client: Client) -> None:
    worker, child = a_worker(), a_child()
    client.force_login(worker.account)
    address = f"/promises/new/?child={child.pk}"
    assert "Asha Rahman" in client.get(address).content.decode()
    bad = client.post(address, {"what": "", "owner": "agency:police"})
    for said in ("Say what will be done", "Name the person who will do it", "Say by when"):
        assert said in bad.content.decode()
    due = {"due_on-day": TODAY.day, "due_on-month": TODAY.month, "due_on-year": TODAY.year}
    good = client.post(address, due | {"what": "Ring the school", "owner": f"worker:{worker.pk}"})
    row = Promise.objects.get()
    assert good["Location"] == f"/promises/{row.pk}/"
    assert (row.person, row.owner, row.made_on, row.made_in) == (child, worker, TODAY, "")
    bar(worker, child)
    assert client.get(address).status_code == 404


def test_changing_a_promise_keeps_what_it_said_in_the_history(client: Client) -> None:
    worker, other, child = a_worker(), a_worker("Ben Sutton", team=a_team("Elsewhere")), a_child()
    row = a_promise(child, worker, owner=other)
    client.force_login(worker.account)
    address = f"/promises/{row.pk}/change/"
    assert "Ben Sutton" in client.get(address).content.decode()  # who owns it now is offered, wherever they work
    due = {"due_on-day": TODAY.day, "due_on-month": TODAY.month, "due_on-year": TODAY.year, "version": 1}
    body = due | {"what": "Visit at home", "owner": "agency:health", "owner_name": "Dr Osei"}
    assert client.post(address, body).status_code == 302
    row.refresh_from_db()
    assert (row.what, row.owner, row.owner_agency, row.owner_name) == ("Visit at home", None, "health", "Dr Osei")
    before = Change.objects.get(table="promises_promise", row=str(row.pk), act="changed").before
    assert before["what"] == "Visit at school"
    second = client.post(address, body | {"what": "Second text"}, follow=True).content.decode()
    assert "Two people wrote this at the same time" in second
    assert "Visit at home" in second and "Second text" in second  # neither is lost


def test_what_a_strategy_meeting_decided_has_a_clock_in_the_record_and_in_the_dataset_told_of_it() -> None:
    by, child, sister = a_worker(), a_child(), a_child("Amina")
    meeting, group = (a_step(child, sister, kind=kind, code="") for kind in ("strategy_meeting", "core_group"))
    made = {name: a_promise(child, by, made_in=meeting.ref) for name in ("open", "kept", "dropped", "late", "hers")}
    a_promise(child, by, made_in=group.ref), a_promise(child, by)

    def clock(name: str) -> Deadline:
        return Deadline.objects.get(rule="strategy_actions", opened_by=made[name].ref)

    assert Deadline.objects.filter(rule="strategy_actions", open=True, due_on=days(5)).count() == len(made)
    kept(made["kept"], by)
    actions.drop(promise=made["dropped"], version=1, on=TODAY, why="They moved away.")
    actions.change(promise=made["late"], version=1, columns={"due_on": days(-2)})
    actions.change(promise=made["hers"], version=1, columns={"person": sister})
    made["late"].refresh_from_db()
    kept(made["late"], by)
    assert (clock("open").open, clock("kept").met_on, clock("dropped").ended_on) == (True, TODAY, TODAY)
    assert (clock("late").due_on, clock("late").late, clock("hers").person) == (days(-2), True, sister)
    there = extract(on=TODAY).dataset
    told = facts(there).filter(pl.col("fact").str.starts_with("strategy_action."))
    assert set(told.select("ref", "fact", "on").iter_rows()) == {
        *((made[name].ref, "strategy_action.planned", days(5)) for name in ("open", "kept", "dropped", "hers")),
        (made["late"].ref, "strategy_action.planned", days(-2)),
        *((made[name].ref, "strategy_action.done", TODAY) for name in ("kept", "late")),
        (made["dropped"].ref, "strategy_action.dropped", TODAY),
    }
    allocate(child, by)
    bar(barred := a_worker(), child)
    shown = {who: named(viewer(who), [made["open"].ref]) for who in (by, barred)}
    assert (shown[by][made["open"].ref].url, shown[barred]) == (f"/promises/{made['open'].pk}/", {})
