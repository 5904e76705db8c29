"""What a manager decides is not required, this once: stored with why and by whom, shown as that, and taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_period, a_worker, allocate, bar, viewer

from kith.foundation.access.models import Worker
from kith.record.deadlines import facts
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.filters import DueFilter
from kith.record.deadlines.models import Deadline, NotRequired
from kith.record.deadlines.queries import listed, state_of
from kith.record.deadlines.reasons import say_not_required, take_back
from kith.record.people.models import Person
from kith.vocabulary.errors import KithError

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()


@pytest.fixture
def manager() -> Worker:
    return a_worker("Moira Lis", role="team_manager")


@pytest.fixture
def child(manager: Worker) -> Person:
    child = a_child()
    allocate(child, manager)
    a_period(child, "cp_plan", days=4)
    recompute(people=[child.pk], on=TODAY)
    return child


def first_visit(child: Person) -> Deadline:
    return Deadline.objects.get(person=child, rule="cp_visit_first")


def excuse(child: Person, manager: Worker) -> NotRequired:
    now = timezone.now()
    return say_not_required(deadline=first_visit(child), reason="In hospital", by=manager, at=now, on=TODAY)


def test_it_is_that_state_and_no_longer_open_and_a_rebuild_keeps_it(child: Person, manager: Worker) -> None:
    excuse(child, manager)
    row = first_visit(child)
    assert (state_of(row, on=TODAY), row.open, row.excused_on) == ("not_required", False, TODAY)
    assert list(listed(viewer(manager), DueFilter(state="not_required"), on=TODAY)) == [row]
    before = list(Deadline.objects.order_by("pk").values())
    recompute(people=None, on=TODAY)
    assert list(Deadline.objects.order_by("pk").values()) == before


def test_excused_by_its_day_it_is_not_counted_and_excused_after_it_is_counted_as_late(
    child: Person, manager: Worker
) -> None:
    row = first_visit(child)
    excuse(child, manager)
    due = facts.due(["cp_visit_first"], since=None, until=TODAY + timedelta(days=60))
    assert not due.exists()
    Deadline.objects.filter(pk=row.pk).update(due_on=TODAY - timedelta(days=3))
    assert facts.due(["cp_visit_first"], since=None, until=TODAY).count() == 1


def test_taken_back_it_is_due_again_and_both_are_kept(child: Person, manager: Worker) -> None:
    said = excuse(child, manager)
    take_back(said=said, why="Home again", by=manager, at=timezone.now(), on=TODAY)
    assert first_visit(child).open
    assert NotRequired.objects.get().back_why == "Home again"
    with pytest.raises(KithError, match="already"):
        take_back(said=said, why="Twice", by=manager, at=timezone.now(), on=TODAY)


def test_it_needs_a_reason_and_is_decided_once(child: Person, manager: Worker) -> None:
    row, now = first_visit(child), timezone.now()
    with pytest.raises(KithError, match="why"):
        say_not_required(deadline=row, reason=" ", by=manager, at=now, on=TODAY)
    say_not_required(deadline=row, reason="In hospital", by=manager, at=now, on=TODAY)
    with pytest.raises(KithError, match="already"):
        say_not_required(deadline=row, reason="Again", by=manager, at=now, on=TODAY)


def test_a_manager_says_it_on_the_page_and_a_social_worker_may_not(
    client: Client, child: Person, manager: Worker
) -> None:
    row = first_visit(child)
    worker = a_worker("Asha Rahman")
    client.force_login(worker.account)
    assert client.post(f"/deadlines/{row.pk}/not-required/", {"not_required": "No time"}).status_code == 403
    client.force_login(manager.account)
    assert "This is not required" in client.get(f"/deadlines/{row.pk}/why/").content.decode()
    assert "Say why it is not required" in client.post(f"/deadlines/{row.pk}/not-required/", {}).content.decode()
    assert client.post(f"/deadlines/{row.pk}/not-required/", {"not_required": "In hospital"}).status_code == 302
    page = client.get(f"/deadlines/{row.pk}/why/").content.decode()
    assert "In hospital" in page and "Moira Lis" in page and "Not required" in page
    client.post(f"/deadlines/{row.pk}/not-required/", {"back": "yes", "required": "Home again"})
    assert first_visit(child).open


def test_of_a_child_one_may_not_know_nothing_is_decided(client: Client, child: Person, manager: Worker) -> None:
    bar(manager, child)
    client.force_login(manager.account)
    row = first_visit(child)
    assert client.post(f"/deadlines/{row.pk}/not-required/", {"not_required": "x"}).status_code == 404
    assert not NotRequired.objects.exists()
