"""Opening a record in an emergency: who may, what opens, for how long, and who looks at it afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_step, a_team, a_worker, bar, on_shift, restrict, viewer

from kith.foundation.access.models import Team, Worker
from kith.foundation.history.models import Opening
from kith.record.break_glass import actions, queries
from kith.record.break_glass.models import Emergency
from kith.record.people.access import decision_on
from kith.record.people.models import Grant, Person
from kith.vocabulary.errors import KithError
from kith.vocabulary.working_days import england

pytestmark = pytest.mark.usefixtures("record")
WHY = "The police have him in custody and ask now."


@pytest.fixture
def stranger() -> Worker:
    """A worker of another team."""
    return a_worker("Asha Rahman", team=a_team("North"))


def signed_in(worker: Worker) -> Client:
    client = Client()
    client.force_login(worker.account)
    return client


def opened(worker: Worker, child: Person, reason: str = WHY) -> Emergency:
    return actions.open_in_emergency(person=child, viewer=viewer(worker), reason=reason, at=timezone.now())


def test_an_ordinary_record_opens_for_an_hour_and_then_no_more(stranger: Worker) -> None:
    child, client = a_child(), signed_in(stranger)
    page = f"/children/{child.pk}/"
    assert client.get(page).status_code == 404
    answer = client.post(f"/emergency/{child.pk}/", {"reason": WHY}, follow=True)
    assert answer.redirect_chain[-1][0] == page
    assert "Opened in an emergency" in answer.content.decode()
    for more in ("record/", "looked/", "story/"):
        assert "Opened in an emergency" in client.get(page + more).content.decode(), more
    [row, *_] = Opening.objects.filter(person=child.pk, kind="opened")
    assert (row.relationship, row.purpose, row.decision) == ("break_glass", WHY, "relationship")
    Grant.objects.update(ends_at=timezone.now())
    assert client.get(page).status_code == 404
    assert "Opened in an emergency" not in client.get("/people/").content.decode()


def test_it_asks_why_and_for_who_one_is_again(stranger: Worker) -> None:
    from kith.record.break_glass import views

    child, client = a_child(), signed_in(stranger)
    assert views.open_record.again and views.not_found_by_search.again  # type: ignore[attr-defined]
    for reason in ("", "urgent"):
        assert client.post(f"/emergency/{child.pk}/", {"reason": reason}).status_code == 200
    assert not Grant.objects.exists()


@pytest.mark.parametrize(("level", "opens"), [("R1", True), ("R2", True), ("R3", False), ("R4", False)])
def test_what_is_sealed_or_withheld_never_opens(stranger: Worker, level: str, opens: bool) -> None:
    child = a_child()
    restrict(child, level)
    if opens:
        opened(stranger, child)
    else:
        with pytest.raises(actions.CannotOpen):
            opened(stranger, child)
    assert decision_on(viewer(stranger), child).allowed is opens


def test_the_barred_and_those_whose_role_may_not_are_refused(stranger: Worker) -> None:
    child = a_child()
    bar(stranger, child)
    for worker in (stranger, a_worker("Sam", role="data_officer"), a_worker("Effie", role="auditor")):
        with pytest.raises(actions.CannotOpen):
            opened(worker, child)


def test_a_hidden_record_is_asked_for_by_exact_name_and_answers_as_if_nobody_were_there(stranger: Worker) -> None:
    child, client = a_child("Oswaldina", "Marrowby"), signed_in(stranger)
    restrict(child, "R1")
    asked: dict[str, Any] = {"forename": "oswaldina ", "surname": "Marrowby", "reason": WHY}
    day = {"born_on-day": child.born_on.day, "born_on-month": child.born_on.month, "born_on-year": child.born_on.year}
    assert client.get(f"/emergency/{child.pk}/").status_code == 404
    said = client.post("/emergency/", {**asked, **day, "surname": "Marrow"}).content.decode()
    assert "Nothing was opened" in said
    other = a_child("Sealed", "Away")
    restrict(other, "R3")
    sealed = client.post("/emergency/", {**asked, **day, "forename": "Sealed", "surname": "Away"}).content.decode()
    assert "Nothing was opened" in sealed
    answer = client.post("/emergency/", {**asked, **day})
    assert answer.headers["Location"] == f"/children/{child.pk}/"
    assert client.get(f"/children/{child.pk}/").status_code == 200


def test_where_a_shielded_child_is_shows_to_the_night_team_and_to_an_enquiry_alone(stranger: Worker) -> None:
    child, night = a_child(), a_worker("Tomasz Lis", role="edt_worker", team=a_team("Emergency Duty Team"))
    restrict(child, "R2")
    on_shift(night)
    assert "whereabouts" in decision_on(viewer(night), child).withheld
    opened(night, child)
    assert decision_on(viewer(night), child).withheld == frozenset()
    opened(stranger, child)
    assert "whereabouts" in decision_on(viewer(stranger), child).withheld
    a_step(child, kind="section47", code="", opened_on=timezone.localdate())
    opened(stranger, child)
    assert decision_on(viewer(stranger), child).withheld == frozenset()


def test_the_manager_is_told_at_once_and_the_next_above_when_nobody_looks(stranger: Worker) -> None:
    top = a_team("Children's Services")
    Team.objects.filter(name="North").update(parent=top)
    manager = a_worker("Maureen", role="team_manager", team=a_team("North"))
    elsewhere = a_worker("Other", role="team_manager", team=a_team("South"))
    director = a_worker("Grace", role="divisional_director", team=top)
    row, today = opened(stranger, a_child()), timezone.localdate()
    assert row.review_due_on == england().add(today, 2)
    assert list(queries.waiting(viewer(manager), on=today)) == [row]
    assert list(queries.waiting(viewer(director), on=row.review_due_on)) == []
    late = row.review_due_on + timedelta(days=1)
    assert list(queries.waiting(viewer(director), on=late)) == [row]
    for nobody in (elsewhere, stranger):
        assert list(queries.waiting(viewer(nobody), on=late)) == []
    client = signed_in(manager)
    assert "Records opened in an emergency" in client.get("/").content.decode()
    said = client.get(f"/emergency/to-look-at/{row.pk}/").content.decode()
    assert WHY in said
    assert client.post(f"/emergency/to-look-at/{row.pk}/", {"finding": "concern"}).status_code == 200
    client.post(f"/emergency/to-look-at/{row.pk}/", {"finding": "right", "comment": ""})
    row.refresh_from_db()
    assert (row.finding, row.reviewed_by) == ("right", manager)
    assert list(queries.waiting(viewer(manager), on=late)) == []


def test_nobody_looks_at_her_own(stranger: Worker) -> None:
    top = a_team("Children's Services")
    Team.objects.filter(name="North").update(parent=top)
    manager = a_worker("Maureen", role="team_manager", team=a_team("North"))
    director = a_worker("Grace", role="divisional_director", team=top)
    row, today = opened(manager, a_child()), timezone.localdate()
    assert list(queries.waiting(viewer(manager), on=today)) == []
    assert list(queries.waiting(viewer(director), on=today)) == [row]
    with pytest.raises(KithError):
        actions.review(emergency=row, finding="right", comment="", by=manager, at=timezone.now())


def test_a_restricted_child_is_not_named_to_a_manager_who_may_not_know(stranger: Worker) -> None:
    child = a_child("Oswaldina", "Marrowby")
    restrict(child, "R1")
    manager = a_worker("Maureen", role="team_manager", team=a_team("North"))
    row = opened(stranger, child)
    said = signed_in(manager).get(f"/emergency/to-look-at/{row.pk}/").content.decode()
    assert "A restricted record" in said
    assert "Marrowby" not in said
    assert date.today() <= row.review_due_on


def test_asking_about_a_child_is_in_the_history_whether_or_not_the_record_is_opened(stranger: Worker) -> None:
    child = a_child()
    assert child.forename in signed_in(stranger).get(f"/emergency/{child.pk}/").content.decode()
    [row] = Opening.objects.filter(worker=stranger.pk, kind=Opening.LISTED)
    assert row.page == "emergency"
    assert child.pk in (row.shown or [row.person])
