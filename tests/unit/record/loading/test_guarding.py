"""A load brings nobody back unshielded: a second record is born restricted, and a silent source opens none."""

from __future__ import annotations

from datetime import date

import pytest
from tests.factories import SYSTEM
from tests.unit.record.loading.extracts import Rows, everything, stored

from kith.foundation.history.actor import acting
from kith.record.people.models import Named, Person, Restriction

pytestmark = pytest.mark.django_db


def shielded(*, level: str = "R2") -> Rows:
    """The usual extract, in which Amina is restricted."""
    rows = everything()
    rows["kith_person_detail"][0]["pdet_restriction"] = level
    return rows


def a_second_amina(rows: Rows, **said: object) -> Rows:
    new = {"pers_person_id": "Q9", "pers_forename": "Amina", "pers_surname": "Khan", "pers_dob": date(2016, 5, 1)}
    rows["ssd_person"].append(new | said)
    return rows


def levels(ref: str) -> set[str]:
    rows = Restriction.objects.filter(person__ref=ref, ended_on=None)
    return set(rows.values_list("level", flat=True))


@pytest.mark.parametrize("level", ["R1", "R2", "R3", "R4"])
def test_a_second_record_in_the_same_first_load_is_born_restricted(level: str) -> None:
    load = stored(a_second_amina(shielded(level=level)))
    assert levels("person:P1") == levels("person:Q9") == {level}
    named = {each.worker.name for each in Named.objects.filter(person__ref="person:Q9")}
    assert named == (set() if level == "R2" else {"Asha Rahman"}), "a shield names nobody"
    assert Restriction.objects.get(person__ref="person:Q9").load == load.pk
    told = " ".join(load.notes)
    assert "1 people answer to a restricted record" in told and "Amina" not in told


def test_another_source_later_does_not_bring_her_back_unshielded() -> None:
    stored(shielded())
    second = {"pers_upn": None, "pers_common_child_id": "999 000 0018", "pers_forename": "Mina", "pers_surname": "K"}
    stored(a_second_amina(everything(), **second), kind="annex_a")
    assert levels("person:Q9") == {"R2"}


def test_a_person_not_restricted_brings_nothing() -> None:
    """The control: the same second record, of somebody who is not shielded."""
    load = stored(a_second_amina(everything()))
    assert levels("person:Q9") == set() and "restricted" not in " ".join(load.notes)


def test_a_name_or_number_that_comes_later_is_looked_at_too() -> None:
    stored(a_second_amina(shielded(), pers_forename="Nobody", pers_surname="Known"))
    assert levels("person:Q9") == set()
    load = stored(a_second_amina(shielded()))
    assert levels("person:Q9") == {"R2"} and load.changed


def test_a_source_that_falls_silent_or_says_less_opens_nothing() -> None:
    stored(shielded(level="R1"))
    load = stored(everything())
    assert levels("person:P1") == {"R1"} and "1 restrictions are no longer told of" in " ".join(load.notes)
    stored(shielded(level="R2"))
    assert levels("person:P1") == {"R1", "R2"}


def test_a_restriction_put_here_holds_for_what_is_loaded_after() -> None:
    from django.utils import timezone

    from kith.foundation.access.models import Worker
    from kith.record.people.restricting import restrict

    stored(everything())
    with acting(SYSTEM):
        amina, asha = Person.objects.get(ref="person:P1"), Worker.objects.get(name="Asha Rahman")
        restrict(person=amina, level="R2", reason="Fleeing", by=asha, on=timezone.localdate())
    stored(a_second_amina(everything()))
    assert levels("person:Q9") == {"R2"}


def test_a_source_that_goes_on_under_the_old_number_does_not_write_the_new_name_onto_a_sealed_record() -> None:
    from datetime import timedelta

    from django.utils import timezone

    from kith.record.adoption.actions import NewName, seal_adoption

    stored(everything())
    with acting(SYSTEM):
        amina, day = Person.objects.get(ref="person:P1"), timezone.localdate() - timedelta(days=2)
        seal_adoption(child=amina, name=NewName("Ada", "Brook"), ordered_on=day, by=None)
    rows = everything()
    rows["ssd_person"][0] |= {"pers_forename": "Ada", "pers_surname": "Brook"}
    rows["ssd_person"][1] |= {"pers_surname": "Changed"}
    rows["ssd_address"][0]["addr_address_postcode"] = "RV99ZZ"
    stored(rows)
    amina = Person.objects.get(ref="person:P1")
    assert (amina.forename, amina.surname) == ("Amina", "Khan")
    assert not amina.addresses.filter(postcode="RV99ZZ").exists()
    assert Person.objects.get(ref="person:P2").surname == "Changed"  # the control: another child is brought up to date
