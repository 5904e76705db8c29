"""Sealed adoption: the two identities are never joined, and the link opens only to two adoption officers together."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_period, a_team, a_worker, allocate, one_family, recorded, related
from tests.factories import viewer as viewer_of

from kith.foundation.access.models import Worker
from kith.foundation.access.policy import policy
from kith.foundation.history.models import Change, Opening
from kith.foundation.sealing import CannotOpen
from kith.record.adoption import actions, queries
from kith.record.adoption.actions import NewName
from kith.record.adoption.models import AdoptionLink, LinkLook, LinkOpening
from kith.record.adoption.sealing import opened
from kith.record.people.access import visible_to
from kith.record.people.actions import rebuild_name_keys
from kith.record.people.asking import asked
from kith.record.people.finding import find
from kith.record.people.models import FamilyMember, Identifier, Person, Relationship, Restriction
from kith.record.people.queries import brothers_and_sisters
from kith.record.people.restricting import guard
from kith.vocabulary.errors import KithError

pytestmark = pytest.mark.usefixtures("record")
BORN = date(2023, 5, 1)


@pytest.fixture
def officer() -> Worker:
    return a_worker("Ines Duarte", role="adoption_officer", team=a_team("Adoption"))


@pytest.fixture
def second() -> Worker:
    return a_worker("Ruth Calder", role="adoption_officer", team=a_team("Adoption"))


@pytest.fixture
def child(officer: Worker) -> Person:
    """A boy placed for adoption, with a brother who is not, and a mother."""
    found, brother, mother = a_child("Danny", "Pike", born_on=BORN), a_child("Joel", "Pike"), a_child("Kerry", "Pike")
    Person.objects.filter(pk=mother.pk).update(is_child=False)
    one_family(found, brother)
    related(found, mother, "mother")
    related(brother, mother, "mother")
    allocate(found, officer, role="Adoption worker")
    a_period(found, "care", days=400, code="C2")
    Identifier.objects.create(person=found, kind="NHS Number", value="9990000018", **recorded("identifier"))
    rebuild_name_keys()
    return found


def sealed(child: Person, by: Worker) -> tuple[AdoptionLink, Person]:
    link = actions.seal_adoption(
        child=child, name=NewName("Daniel", "Ashworth"), ordered_on=timezone.localdate() - timedelta(days=3), by=by
    )
    return link, Person.objects.get(surname="Ashworth")


def test_the_adopted_identity_is_new_and_the_birth_record_is_nowhere(child: Person, officer: Worker) -> None:
    _, adopted = sealed(child, officer)
    assert (adopted.born_on, adopted.sex, adopted.is_child) == (BORN, child.sex, True)
    for model in (Identifier, FamilyMember, Relationship):
        assert not model.objects.filter(person=adopted).exists(), model
    assert not Relationship.objects.filter(other=adopted).exists()
    everybody = [a_worker(role, role=role) for role in policy().roles]
    assert [each.name for each in everybody if child in visible_to(viewer_of(each))] == []
    assert not child.involvements.filter(ended_on=None).exists()
    assert not child.periods.filter(ended_on=None).exists()


def test_each_period_ends_for_the_reason_that_its_return_has(child: Person, officer: Worker) -> None:
    for kind in ("need", "care_episode", "cin_plan"):
        a_period(child, kind)
    sealed(child, officer)
    why = dict(child.periods.filter(ended_on__isnull=False).values_list("kind", "end_reason"))
    assert why == {"need": "RC1", "care": "E12", "care_episode": "E12", "cin_plan": ""}


def test_neither_leads_to_the_other(child: Person, officer: Worker) -> None:
    brother = Person.objects.get(forename="Joel")
    manager = viewer_of(a_worker("Maureen Okafor", role="team_manager"))
    before = [each.person for each in find(viewer=manager, asked=asked("Danny Pike", on=timezone.localdate()))[0]]
    assert child.pk in before and child in brothers_and_sisters(manager, brother)
    _, adopted = sealed(child, officer)
    manager = viewer_of(a_worker("Dev Patel", role="team_manager"))
    for words in ("Danny Pike", "Daniel Ashworth", "9990000018", "1 May 2023", "Pike"):
        found = {each.person for each in find(viewer=manager, asked=asked(words, on=timezone.localdate()))[0]}
        assert child.pk not in found, words
    assert list(brothers_and_sisters(manager, brother)) == [] == list(brothers_and_sisters(manager, adopted))
    assert child.pk in queries.sealed_apart().values_list("person_id", flat=True)


def test_no_row_of_any_table_holds_both(child: Person, officer: Worker) -> None:
    """Nor does any request of the history: the log does not put them side by side."""
    link, adopted = sealed(child, officer)
    for model in [each for each in apps.get_models() if each.__module__.startswith("kith.")]:
        for row in model._default_manager.values():
            people = {value for name, value in row.items() if value in (child.pk, adopted.pk) and _points(model, name)}
            assert len(people) < 2, f"{model.__name__} {row}"
    told = {child.pk: set(), adopted.pk: set()}
    for change in Change.objects.all():
        for pk in told:
            if pk in _people_in(change):
                told[pk].add(change.request)
    assert told[child.pk] and told[adopted.pk] and not told[child.pk] & told[adopted.pk]
    assert b"birth" not in bytes(link.sealed)


def _points(model: Any, column: str) -> bool:
    if model in (Opening,):
        return column == "person"
    return (model is Person and column == "id") or any(
        field.attname == column and getattr(field, "related_model", None) is Person
        for field in model._meta.concrete_fields
    )


def _people_in(change: Change) -> set[Any]:
    row = change.after or change.before or {}
    return {row.get("id")} if change.table == "people_person" else {row.get("person_id")}


def test_a_sealed_value_opens_under_its_own_reference_alone(child: Person, officer: Worker) -> None:
    link, adopted = sealed(child, officer)
    who = opened(link.sealed, reference=link.reference)
    assert (who.birth, who.adopted) == (child.pk, adopted.pk)
    with pytest.raises(CannotOpen):
        opened(link.sealed, reference="AD-AAAA-BBBB")
    assert re.fullmatch(r"AD-[A-Z2-9]{4}-[A-Z2-9]{4}", link.reference)


def test_a_reference_is_found_by_either_name_with_the_birth_date_and_by_officers_only(
    child: Person, officer: Worker
) -> None:
    link, _ = sealed(child, officer)
    who = viewer_of(officer)
    for name in ("Danny Pike", "PIKE Danny", "Daniel Ashworth"):
        assert queries.found_by(who, name, BORN) == [link], name
    assert queries.found_by(who, "Danny Pike", date(2023, 5, 2)) == [] == queries.found_by(who, "Danny", BORN)
    assert queries.found_by(viewer_of(a_worker(role="team_manager")), "Danny Pike", BORN) == []
    with pytest.raises(queries.NoSuchLink):
        queries.link_for(viewer_of(a_worker(role="divisional_director")), link.reference)


def test_nobody_opens_a_link_alone(child: Person, officer: Worker, second: Worker) -> None:
    link, adopted = sealed(child, officer)
    now = timezone.now()
    opening = actions.ask(link=link, reason="She has asked for her birth name", by=officer, at=now)
    for by in (officer, second):
        with pytest.raises(KithError, match="not open"):
            actions.look(opening=opening, by=by, at=now)
    with pytest.raises(KithError, match="yourself"):
        actions.answer(opening=opening, by=officer, yes=True, at=now)
    actions.answer(opening=opening, by=second, yes=True, at=now)
    for by in (officer, second):
        who = actions.look(opening=opening, by=by, at=now + timedelta(minutes=59))
        assert (who.birth, who.adopted) == (child.pk, adopted.pk)
    with pytest.raises(KithError, match="by others"):
        actions.look(opening=opening, by=a_worker("Eve Third", role="adoption_officer"), at=now)
    with pytest.raises(KithError, match="not open"):
        actions.look(opening=opening, by=officer, at=now + timedelta(minutes=60))
    assert list(LinkLook.objects.values_list("worker__name", flat=True)) == ["Ines Duarte", "Ruth Calder"]


def test_a_refusal_an_old_request_and_a_second_answer_open_nothing(
    child: Person, officer: Worker, second: Worker
) -> None:
    link, _ = sealed(child, officer)
    now = timezone.now()
    opening = actions.ask(link=link, reason="A reason", by=officer, at=now)
    with pytest.raises(KithError, match="why not"):
        actions.answer(opening=opening, by=second, yes=False, at=now)
    actions.answer(opening=opening, by=second, yes=False, at=now, why="No right to know")
    with pytest.raises(KithError, match="already"):
        actions.answer(opening=opening, by=second, yes=True, at=now)
    late = actions.ask(link=link, reason="A reason", by=officer, at=now - timedelta(days=8))
    with pytest.raises(KithError, match="too long ago"):
        actions.answer(opening=late, by=second, yes=True, at=now)
    assert not LinkOpening.objects.exclude(closes_at=None).exists()


@pytest.mark.parametrize(
    ("forename", "surname", "days", "words"),
    [
        ("", "Ashworth", 0, "Enter the name"),
        ("Daniel", "Ashworth", -1, "in the future"),
        ("Daniel", "Ashworth", 9000, "before the child was born"),
        ("Pike", "Danny", 0, "the same as before"),
    ],
)
def test_an_order_that_cannot_be_is_refused(
    child: Person, officer: Worker, forename: str, surname: str, days: int, words: str
) -> None:
    day = timezone.localdate() - timedelta(days=days)
    with pytest.raises(KithError, match=words):
        actions.seal_adoption(child=child, name=NewName(forename, surname), ordered_on=day, by=officer)
    assert not Restriction.objects.exists() and not AdoptionLink.objects.exists()


def test_a_record_is_sealed_once(child: Person, officer: Worker) -> None:
    sealed(child, officer)
    with pytest.raises(KithError, match="sealed already"):
        sealed(child, officer)


def test_a_second_birth_record_is_born_sealed_and_the_adopted_one_is_not(child: Person, officer: Worker) -> None:
    _, adopted = sealed(child, officer)
    again = a_child("Danny", "Pike", born_on=BORN)
    assert guard([again.pk, adopted.pk], on=timezone.localdate()) == 1
    assert set(Restriction.objects.values_list("person_id", flat=True)) == {child.pk, again.pk}


def test_two_officers_record_ask_answer_and_look_on_pages(
    child: Person, officer: Worker, second: Worker, client: Client
) -> None:
    client.force_login(officer.account)
    day = timezone.localdate()
    sent: dict[str, Any] = {"forename": "Daniel", "surname": "Ashworth", "court": "Riverside, 12/26"}
    sent |= {"ordered_on-day": day.day, "ordered_on-month": day.month, "ordered_on-year": day.year}
    refused = client.post(f"/adoption/order/?child={child.pk}", sent).content.decode()
    assert "Confirm that the birth record is to be sealed" in refused
    assert client.post(f"/adoption/order/?child={child.pk}", sent | {"sure": "on"}).status_code == 302
    assert client.get(f"/children/{child.pk}/").status_code == 404
    link = AdoptionLink.objects.get()
    page = client.get("/adoption/", {"name": "Danny Pike", "born_on-day": 1, "born_on-month": 5, "born_on-year": 2023})
    assert link.reference in page.content.decode()
    here = f"/adoption/links/{link.reference}/"
    client.post(f"{here}ask/", {"reason": "She has asked"})
    opening = LinkOpening.objects.get()
    own = client.post(f"{here}answer/", {"opening": opening.pk, "answer": "yes"}).content.decode()
    assert "You asked for this yourself" in own
    assert "This link is not open" in client.post(f"{here}look/").content.decode()
    client.force_login(second.account)
    assert link.reference in client.get("/adoption/").content.decode()
    client.post(f"{here}answer/", {"opening": opening.pk, "answer": "yes"})
    for each in (second, officer):
        client.force_login(each.account)
        shown = client.post(f"{here}look/").content.decode()
        assert "Danny Pike" in shown and "Daniel Ashworth" in shown and "Riverside, 12/26" in shown
    client.force_login(a_worker("Maureen Okafor", role="team_manager").account)
    assert client.get(here).status_code == 403
