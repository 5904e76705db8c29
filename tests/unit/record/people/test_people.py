"""Who may know of whom, who is whose brother or sister, who is barred, and the keys of names."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import (
    a_child,
    a_team,
    a_worker,
    allocate,
    bar,
    one_family,
    recorded,
    related,
    restrict,
    viewer,
)

from kith.foundation.access.models import Worker
from kith.foundation.history.models import Change
from kith.record.people import actions, queries
from kith.record.people.access import relationship
from kith.record.people.models import Address, Alias, Barring, NameKey
from kith.vocabulary.errors import KithError

pytestmark = pytest.mark.usefixtures("record")


def signed_in(worker: Worker) -> Client:
    """A browser in which this worker is signed in."""
    client = Client()
    client.force_login(worker.account)
    return client


def test_brothers_and_sisters_come_from_the_family_a_shared_parent_and_what_is_said() -> None:
    child, mother = a_child("Imran"), a_child("Rima", is_child=False)
    family, shares, said, said_back, nobody = (a_child(name) for name in ("Family", "Shares", "Said", "Back", "Nobody"))
    one_family(child, family, mother)
    related(child, mother, "mother")
    related(shares, mother, "mother")
    related(child, said, "brother_or_sister")
    related(said_back, child, "brother_or_sister")
    related(nobody, None, "father")
    related(child, None, "father")
    found = queries.brothers_and_sisters(viewer(a_worker()), child)
    assert {each.forename for each in found} == {"Family", "Shares", "Said", "Back"}


def test_two_children_whose_fathers_nobody_knows_are_not_made_brothers() -> None:
    one, other = a_child("One"), a_child("Other")
    related(one, None, "father")
    related(other, None, "father")
    assert list(queries.brothers_and_sisters(viewer(a_worker()), one)) == []


def test_a_hidden_sister_is_left_out_for_the_barred_and_there_for_others() -> None:
    child, sister, secret = a_child("Imran"), a_child("Ayla"), a_child("Secret")
    one_family(child, sister, secret)
    restrict(secret, "R1")
    barred = a_worker("Barred")
    bar(barred, sister)
    assert list(queries.brothers_and_sisters(viewer(barred), child)) == []
    assert list(queries.brothers_and_sisters(viewer(a_worker("Other")), child)) == [sister]


def test_the_household_is_who_lives_there_and_may_be_known_of() -> None:
    child, mother, lodger, hidden = (
        a_child("A"),
        a_child("B", is_child=False),
        a_child("C", is_child=False),
        a_child("D"),
    )
    related(child, mother, "mother", in_household=True)
    for each in (child, lodger, hidden):
        Address.objects.create(person=each, lines="4, Quay Street", postcode="RV1 2AB", **recorded("address"))
    worker = a_worker()
    bar(worker, hidden)
    assert set(queries.household(viewer(worker), child)) == {mother, lodger}


def test_the_allocated_worker_is_found_and_nobody_is_nobody() -> None:
    child, worker = a_child(), a_worker()
    assert queries.allocated(viewer(worker), child) is None
    held = allocate(child, worker)
    allocate(child, a_worker("D", role="reviewing_officer"), role="Reviewing officer")
    assert queries.allocated(viewer(worker), child) == held


def test_what_a_viewer_is_to_a_child_is_said_in_the_same_words_everywhere() -> None:
    child, worker = a_child(), a_worker(team=a_team("North"))
    allocate(child, worker)
    assert relationship(viewer(worker), child) == "allocated"
    assert relationship(viewer(a_worker("Mate", team=a_team("North"))), child) == "team_duty"
    assert relationship(viewer(a_worker("Other", team=a_team("South"))), child) == "none"


def test_a_manager_bars_a_worker_who_then_finds_nothing_and_lets_them_back() -> None:
    child, aunt, manager = a_child("Imran"), a_worker("Farid Khan"), a_worker("Maureen", role="team_manager")
    client, hers = signed_in(manager), signed_in(aunt)
    assert hers.get(f"/children/{child.pk}/").status_code == 200
    said = client.post(
        f"/people/{child.pk}/barred/", {"worker": "farid khan", "reason": "She is the aunt."}, follow=True
    )
    assert "Farid Khan can no longer find or open this record" in said.content.decode()
    assert hers.get(f"/children/{child.pk}/").status_code == 404
    barring = Barring.objects.get()
    client.post(f"/people/{child.pk}/barred/", {"end": str(barring.pk)})
    barring.refresh_from_db()
    assert barring.ended_on == timezone.localdate() and barring.version == 2
    assert hers.get(f"/children/{child.pk}/").status_code == 200
    acts = list(Change.objects.filter(table="people_barring").order_by("pk").values_list("act", "worker"))
    assert acts == [("added", manager.pk), ("changed", manager.pk)]


@pytest.mark.parametrize(
    ("typed", "reason", "sentence"),
    [
        ("", "She is the aunt.", "Enter the worker’s e-mail address or full name"),
        ("Nobody Atall", "She is the aunt.", "Nobody who works here has that e-mail address or name"),
        ("Two Alike", "She is the aunt.", "More than one worker has that name"),
        ("Farid Khan", "", "Say why this worker is barred"),
    ],
)
def test_a_barring_that_cannot_stand_is_refused_in_words(typed: str, reason: str, sentence: str) -> None:
    child = a_child()
    for name in ("Farid Khan", "Two Alike", "Two Alike"):
        a_worker(name)
    client = signed_in(a_worker("Maureen", role="team_manager"))
    said = client.post(f"/people/{child.pk}/barred/", {"worker": typed, "reason": reason}).content.decode()
    assert sentence in said and not Barring.objects.exists()


def test_only_those_who_keep_restrictions_see_who_is_barred() -> None:
    child = a_child()
    assert signed_in(a_worker()).get(f"/people/{child.pk}/barred/").status_code == 403
    barred = a_worker("Barred manager", role="team_manager")
    bar(barred, child)
    assert signed_in(barred).get(f"/people/{child.pk}/barred/").status_code == 404


def test_barring_twice_is_refused() -> None:
    child, worker, manager = a_child(), a_worker(), a_worker("M", role="team_manager")
    actions.bar(person=child, worker=worker, reason="aunt", by=manager)
    with pytest.raises(KithError, match="already barred"):
        actions.bar(person=child, worker=worker, reason="aunt", by=manager)


def test_name_keys_are_made_anew_for_some_people_or_for_all() -> None:
    one, other = a_child("Imran", "Begum"), a_child("Ayla", "Khan", known_as="Lala")
    assert actions.rebuild_name_keys() == NameKey.objects.count() > 0
    assert NameKey.objects.filter(person=other, kind="token", key="lala").exists()
    Alias.objects.create(person=one, forename="Emran", surname="Ali", kind="previous", **recorded("alias"))
    before = NameKey.objects.filter(person=other).count()
    actions.rebuild_name_keys([one.pk])
    assert NameKey.objects.filter(person=one, key="emran").exists()
    assert NameKey.objects.filter(person=other).count() == before
    assert NameKey.objects.filter(person=one, kind="token", key="imran").count() == 1, "nothing is doubled"
