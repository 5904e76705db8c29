"""Personal details entered and put right in Kith: found by, told in the returns, and every clock moved."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone
from tests.factories import SYSTEM, a_child, a_grown_up, a_period, a_worker, allocate, holds, restrict, viewer
from tests.unit.oversight.returns.test_child_in_returns import census, child, loaded
from tests.unit.record.loading.extracts import everything, stored
from tests.unit.record.plain_work.test_recording import boxes, signed_in

from kith.foundation.access.models import Worker
from kith.foundation.history.actor import acting
from kith.foundation.history.models import Change
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.models import Deadline
from kith.record.extracting.extract import extract
from kith.record.people import restricting
from kith.record.people.asking import Asked
from kith.record.people.finding import find
from kith.record.people.models import Disability, Identifier, Person, Restriction
from kith.statutory.returns.one_child import rejections
from kith.vocabulary.identifiers import nhs_check_digit, upn_check_letter

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()
UPN = upn_check_letter("820000000001") + "820000000001"
NHS = f"999000001{nhs_check_digit('999000001')}"
BORN = date(2015, 3, 4)


def told(table: str) -> list[dict[str, object]]:
    frame = extract(on=TODAY).dataset.tables[table]
    return frame.to_dicts()


def save(client: Client, person: Person, **said: Any) -> str:
    """Post the form as it is, with what is said."""
    person.refresh_from_db()
    here = {"forename": person.forename, "surname": person.surname, "version": str(person.version)}
    here |= {"sex": person.sex, "ethnicity": person.ethnicity}
    here |= boxes(born_on=person.born_on) if person.born_on else {}
    answer = client.post(f"/people/{person.pk}/details/", here | said, follow=True)
    person.refresh_from_db()
    return answer.content.decode()


def rejected() -> set[str]:
    """The rules about the child that the census would reject, of all that is held."""
    return {each.rule.code for each in rejections(extract(on=TODAY).dataset, on=TODAY) if each.kind == "cin"}


def test_what_a_loaded_census_lacks_is_entered_here_and_stays(client: Client, tmp_path: Path) -> None:
    path = census(tmp_path, ODD1={"ethnicity": "NONE"})
    loaded(path)
    odd, asha = child("ODD1"), signed_in(client)
    allocate(odd, asha)
    form = client.get(f"/people/{odd.pk}/details/").content.decode()
    assert "“NONE”, which is no published code" in form and 'value="2015"' in form
    before = rejected()
    assert {"4220", "8540", "8770Q"} <= before
    said = {"ethnicity": "WBRI", "disabilities": ["LD", "AUT"], "upn": UPN, "nhs": NHS, "gender": "02"}
    page = save(client, odd, surname="Okoro", **said)
    assert "kept in the history" in page and "Disability: autism, learning" in page
    assert before - rejected() >= {"4220", "8540", "8770Q"} and rejected() < before
    [row] = told("ssd_person")
    assert (row["pers_upn"], row["pers_upn_unknown"], row["pers_gender"]) == (UPN, None, "02")
    assert row["pers_common_child_id"] == NHS
    assert {each["disa_disability_code"] for each in told("ssd_disability")} == {"LD", "AUT"}
    found, _ = find(viewer=viewer(asha), asked=Asked(names=("okoro",)))
    assert [each.person for each in found] == [odd.pk]
    save(client, odd, surname="Achebe", **said)
    assert [(each["alia_surname"], each["alia_kind"]) for each in told("kith_alias")] == [("Okoro", "previous name")]
    for name in ("okoro", "achebe"):  # whoever knows the old name still finds the child
        found, _ = find(viewer=viewer(asha), asked=Asked(names=(name,)))
        assert [each.person for each in found] == [odd.pk]
    loaded(path)  # the same is told again by the system it came from
    odd.refresh_from_db()
    assert (odd.ethnicity, odd.surname) == ("WBRI", "Achebe")
    assert Change.objects.filter(table="people_person", row=str(odd.pk), worker=asha.pk, act="changed").exists()


def test_what_is_taken_back_is_told_no_more(client: Client) -> None:
    asha, imran = signed_in(client), a_child(sex="F", ethnicity="WBRI")
    allocate(imran, asha)
    a_period(imran, "need", code="N1")
    save(client, imran, upn=UPN, disabilities=["LD", "AUT"], first_language="Somali", interpreter="yes", is_mother="no")
    assert told("kith_person_detail")[0]["pdet_first_language"] == "Somali"
    save(client, imran, upn="", upn_unknown="UN4", disabilities=["NONE"], former_upn=UPN)
    [row] = told("ssd_person")
    assert (row["pers_upn"], row["pers_upn_unknown"], row["pers_is_mother"]) == (None, "UN4", None)
    assert [each["disa_disability_code"] for each in told("ssd_disability")] == ["NONE"]
    [former] = told("ssd_linked_identifiers")
    assert (former["link_identifier_type"], former["link_identifier_value"]) == ("Former Unique Pupil Number", UPN)
    assert Identifier.objects.count() == 2 and Disability.objects.count() == 3, "nothing is deleted"
    page = client.get(f"/children/{imran.pk}/").content.decode()
    assert page.count(UPN) == 1 and f'href="/people/{imran.pk}/details/"' in page


def test_another_birth_date_moves_the_clocks_at_once(client: Client) -> None:
    holds("leaving_care_assessment.done")
    asha, imran = signed_in(client), a_child(sex="M")
    allocate(imran, asha)
    a_period(imran, "care", days=200)
    recompute(people=[imran.pk], on=TODAY)
    first = set(Deadline.objects.values_list("rule", "due_on"))
    save(client, imran, **boxes(born_on=date(TODAY.year - 16, TODAY.month, 1)))
    now = set(Deadline.objects.values_list("rule", "due_on"))
    assert now - first
    recompute(people=None, on=TODAY)
    assert set(Deadline.objects.values_list("rule", "due_on")) == now


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"forename": "", "surname": ""}, "one that is known is not taken away"),
        (boxes(born_on=TODAY + timedelta(days=2)), "Date of birth must be"),
        ({"born_on-day": "", "born_on-month": "", "born_on-year": ""}, "or the day it is expected"),
        (boxes(died_on=date(2001, 1, 1)), "must be between the date of birth and today"),
        ({"disabilities": ["NONE", "LD"]}, "“No disability” stands alone"),
        ({"upn": UPN, "upn_unknown": "UN2"}, "Choose no reason where there is a pupil number"),
        ({"upn": "A123"}, "Enter a true pupil number"),
        ({"ethnicity": "XXXX"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_box(client: Client, said: dict[str, Any], words: str) -> None:
    imran, asha = a_child(sex="M"), signed_in(client)
    allocate(imran, asha)
    page = save(client, imran, **said)
    assert words in page and "Problem: " in page
    assert imran.version == 1 and not Identifier.objects.exists() and not Disability.objects.exists()


def test_whoever_comes_to_answer_to_a_restricted_record_is_restricted_with_it(client: Client) -> None:
    hidden = a_child("Sara", "Khan", born_on=BORN)
    other, asha = a_child("Leila", "Khan", born_on=BORN), signed_in(client)
    restricting.restrict(person=hidden, level="R1", reason="Threats", by=asha, on=TODAY, named=[a_worker("Eve Hall")])
    allocate(other, asha)
    save(client, other, forename="Sara")
    assert Restriction.objects.filter(person=other, level="R1", matched=hidden).exists()
    assert client.get(f"/people/{other.pk}/details/").status_code == 200, "who wrote it is named for it"


def test_a_carers_telephone_is_kept_from_whoever_may_not_know_where_she_is(client: Client) -> None:
    carer, asha = a_grown_up(phone="020 7946 0001"), signed_in(client)
    assert "020 7946 0001" in client.get(f"/people/{carer.pk}/details/").content.decode()
    restrict(carer, "R2")
    form = client.get(f"/people/{carer.pk}/details/").content.decode()
    assert 'name="surname"' in form and "phone" not in form and "upn" not in form
    save(client, carer, first_language="French", phone="000")
    assert (carer.phone, carer.first_language) == ("020 7946 0001", "French")
    assert Worker.objects.get(pk=asha.pk)


@pytest.mark.parametrize("of", ["allegation", "worker"])
def test_a_record_that_is_kept_apart_has_no_such_form(client: Client, of: str) -> None:
    person = a_grown_up(of)
    client.force_login(a_worker(role="team_manager").account)
    assert client.get(f"/people/{person.pk}/details/").status_code == 404


def test_what_was_loaded_before_there_was_a_column_is_filled_in() -> None:
    source = everything()
    for each in source["ssd_person"]:
        each |= {"pers_upn_unknown": "UN4", "pers_is_mother": "N"}
    with acting(SYSTEM):
        stored(source)
        before = told("ssd_person")
        Person.objects.update(upn_unknown="", is_mother=None)
        import_module("kith.record.loading.migrations.0004_fill_personal_details").fill(apps, None)
    assert set(Person.objects.filter(is_child=True).values_list("upn_unknown", "is_mother")) == {("UN4", False)}
    assert told("ssd_person") == before and before[0]["pers_upn_unknown"] == "UN4"
