"""A restriction is on the person and her match keys: put with a reason, ended with one, and never looser by itself."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_worker, allocate, recorded, restrict
from tests.factories import viewer as viewer_of

from kith.foundation.access.models import Worker
from kith.record.people import restricting
from kith.record.people.access import visible_to
from kith.record.people.match_keys import name_key, number_key
from kith.record.people.models import Address, Alias, Identifier, MatchKey, Named, Person, Restriction
from kith.record.people.restricting import NewHome, guard
from kith.vocabulary.errors import KithError

pytestmark = pytest.mark.usefixtures("record")
BORN = date(2016, 5, 1)


@pytest.fixture
def manager() -> Worker:
    return a_worker("Maureen Okafor", role="team_manager")


@pytest.fixture
def child(manager: Worker) -> Person:
    found = a_child("Amira", "Osei", born_on=BORN)
    allocate(found, manager, role="Supervisor")
    Identifier.objects.create(person=found, kind="NHS Number", value="999 000 0018", **recorded("identifier"))
    Address.objects.create(person=found, lines="12, Quay Street", postcode="RV1 2AB", **recorded("address"))
    return found


def shield(child: Person, by: Worker, **more: object) -> Restriction:
    return restricting.restrict(
        person=child, level="R2", reason="Fleeing her father", by=by, on=timezone.localdate(), **more
    )


def levels(person: Person) -> set[str]:
    return set(Restriction.objects.filter(person=person, ended_on=None).values_list("level", flat=True))


def number(person: Person, value: str, kind: str = "NHS Number") -> None:
    Identifier.objects.create(person=person, kind=kind, value=value, **recorded("identifier"))


def test_a_shield_closes_the_old_address_in_the_same_step_and_nothing_is_written_there(
    child: Person, manager: Worker
) -> None:
    shield(child, manager, home=NewHome("3, Samphire Wharf", "rv9 9zz"))
    old, new = Address.objects.filter(person=child).order_by("pk")
    assert (old.ended_on, old.no_letters) == (timezone.localdate(), True)
    assert (new.lines, new.postcode, new.ended_on, new.no_letters) == ("3, Samphire Wharf", "RV9 9ZZ", None, False)


@pytest.mark.parametrize(
    ("forename", "surname", "born_on", "nhs", "twin"),
    [
        ("Amirah", "Ozei", date(2001, 1, 1), "9990000018", True),  # the number alone
        ("Osei", "AMIRA", BORN, "", True),  # the name turned round, with the birth date
        ("Амира", "Осеи", BORN, "", True),  # in another script
        ("Amira", "Osei", date(2016, 5, 2), "", False),
        ("Amina", "Osei", BORN, "", False),
        ("Amira", "Osei", None, "9990000026", False),
    ],
)
def test_a_second_record_of_a_shielded_person_is_born_shielded(
    child: Person, manager: Worker, forename: str, surname: str, born_on: date | None, nhs: str, twin: bool
) -> None:
    shield(child, manager, named=[a_worker("Asha Rahman")])
    second = a_child(forename, surname, born_on=born_on)
    if nhs:
        number(second, nhs)
    assert guard([second.pk], on=timezone.localdate()) == int(twin)
    assert (levels(second) == {"R2"}) is twin
    assert Named.objects.filter(person=second).count() == int(twin)
    assert guard([second.pk], on=timezone.localdate()) == 0, "a second time changes nothing"


def test_a_record_that_was_there_before_is_shielded_with_her(child: Person, manager: Worker) -> None:
    before, other = a_child("Amira", "Osei", born_on=BORN), a_child("Leon", "Osei", born_on=BORN)
    shield(child, manager)
    assert levels(before) == {"R2"} and levels(other) == set()
    assert Restriction.objects.get(person=before).matched == child


def test_a_key_stays_when_the_number_and_the_name_are_changed(child: Person, manager: Worker) -> None:
    shield(child, manager)
    Identifier.objects.all().delete()
    Person.objects.filter(pk=child.pk).update(forename="Ada", surname="Brook")
    assert guard([child.pk], on=timezone.localdate()) == 0
    for forename, surname in (("Amira", "Osei"), ("Ada", "Brook")):
        second = a_child(forename, surname, born_on=BORN)
        assert guard([second.pk], on=timezone.localdate()) == 1, forename
    third = a_child("Nobody", "Known")
    number(third, "9990000018")
    assert guard([third.pk], on=timezone.localdate()) == 1


def test_every_level_is_passed_on_and_a_hidden_twin_is_hidden(child: Person, manager: Worker) -> None:
    restrict(child, "R1")
    Named.objects.create(person=child, worker=manager, **recorded("named"))
    second = a_child("Amira", "Osei", born_on=BORN)
    assert guard([child.pk, second.pk], on=timezone.localdate()) == 1
    assert second in visible_to(viewer_of(manager))
    assert second not in visible_to(viewer_of(a_worker("Ben Sutton")))


def test_a_match_that_somebody_looked_at_and_ended_is_not_put_again(child: Person, manager: Worker) -> None:
    second = a_child("Amira", "Osei", born_on=BORN)
    shield(child, manager)
    restricting.end(restriction=Restriction.objects.get(person=second), why="Two girls", on=timezone.localdate())
    assert guard([second.pk], on=timezone.localdate()) == 0 and levels(second) == set()


def test_an_alias_is_a_key_too(child: Person, manager: Worker) -> None:
    Alias.objects.create(person=child, forename="Mira", surname="Osei", **recorded("alias"))
    shield(child, manager)
    second = a_child("Mira", "Osei", born_on=BORN)
    assert guard([second.pk], on=timezone.localdate()) == 1


def test_keys_tell_nothing_and_no_key_is_made_of_too_little() -> None:
    assert number_key("NHS Number", "999 000 0018") == number_key("NHS Number", "9990000018") != ""
    assert number_key("Former Case Number", "p1") == number_key("Case Number", "P1")
    assert number_key("Unique Pupil Number", "9990000018") != number_key("NHS Number", "9990000018")
    assert "" == name_key("Amira", BORN) == name_key("Amira Osei", None) == number_key("NHS Number", " - ")
    assert len(name_key("Amira Osei", BORN)) == 64 and "amira" not in name_key("Amira Osei", BORN)


def test_what_may_not_be_done_is_refused(child: Person, manager: Worker) -> None:
    for level, reason, words in (("R2", " ", "Say why"), ("R1", "A colleague's child", "Name at least one")):
        with pytest.raises(KithError, match=words):
            restricting.restrict(person=child, level=level, reason=reason, by=manager, on=timezone.localdate())
    row = shield(child, manager)
    with pytest.raises(KithError, match="already"):
        shield(child, manager)
    with pytest.raises(KithError, match="Say why"):
        restricting.end(restriction=row, why="", on=timezone.localdate())
    sealed = restrict(child, "R3")
    with pytest.raises(KithError, match="sealed"):
        restricting.end(restriction=sealed, why="Because", on=timezone.localdate())
    named = restricting.name(person=child, worker=manager, by=manager)
    with pytest.raises(KithError, match="last person"):
        restricting.unname(named=named, on=timezone.localdate())


def test_a_manager_restricts_names_and_ends_on_one_page(child: Person, manager: Worker, client: Client) -> None:
    asha = a_worker("Asha Rahman")
    client.force_login(manager.account)
    address = f"/people/{child.pk}/restrictions/"
    assert "There is no restriction" in client.get(address).content.decode()
    sent = {
        "level": "R2",
        "reason": "Fleeing",
        "named": "Asha Rahman",
        "lines": "3, Samphire Wharf",
        "postcode": "RV9 9ZZ",
    }
    assert client.post(f"{address}put/", sent).status_code == 302
    assert levels(child) == {"R2"} and MatchKey.objects.filter(person=child).count() == 2
    assert [each.worker for each in Named.objects.filter(person=child)] == [asha]
    page = client.get(address).content.decode()
    assert "Asha Rahman" in page and "3, Samphire Wharf" in page and "Must not be written to" in page
    client.post(f"{address}name/", {"worker": manager.name})
    assert Named.objects.filter(person=child, worker=manager).exists()
    row = Restriction.objects.get(person=child)
    assert "Say why it ends" in client.post(f"{address}end/", {"restriction": row.pk, "why": ""}).content.decode()
    client.post(f"{address}end/", {"restriction": row.pk, "why": "He has died"})
    assert levels(child) == set() and not Named.objects.filter(person=child, ended_on=None).exists()
    assert "He has died" in client.get(address).content.decode()


def test_one_who_hides_a_record_from_herself_goes_back_to_today(child: Person, manager: Worker, client: Client) -> None:
    a_worker("Asha Rahman")
    client.force_login(manager.account)
    sent = {"level": "R1", "reason": "A colleague's child", "named": "Asha Rahman"}
    answer = client.post(f"/people/{child.pk}/restrictions/put/", sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_social_worker_may_not_restrict(child: Person, client: Client) -> None:
    worker = a_worker("Asha Rahman")
    allocate(child, worker)
    client.force_login(worker.account)
    assert client.get(f"/people/{child.pk}/restrictions/").status_code == 403


def test_somebody_added_by_hand_is_born_shielded_and_does_not_vanish_from_who_added_her(
    child: Person, manager: Worker
) -> None:
    from kith.record.duplicates.adding import Entered, add_person

    restrict(child, "R1")
    shield(child, manager)
    asha = a_worker("Asha Rahman")
    entered = Entered(is_child=True, forename="Amira", surname="Osei", born_on=BORN)
    second = add_person(entered=entered, by=asha, on=timezone.localdate())
    assert levels(second) == {"R1", "R2"}
    assert second in visible_to(viewer_of(asha)) and child not in visible_to(viewer_of(asha))
    assert second not in visible_to(viewer_of(a_worker("Ben Sutton")))
