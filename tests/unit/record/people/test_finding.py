"""Finding a person: however the name is spelt, by whatever is known, and never somebody who may not be known of."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html
from tests.factories import a_child, a_period, a_team, a_worker, allocate, bar, recorded, related, restrict
from tests.unit.analysis.linkage.hard_pairs import HARD_PAIRS

from kith.foundation.access.models import Worker
from kith.record.chronology.searches import KEPT
from kith.record.people.actions import rebuild_name_keys
from kith.record.people.asking import asked
from kith.record.people.models import Address, Alias, Identifier, Person

pytestmark = pytest.mark.usefixtures("record")
ON = date(2026, 11, 22)
MOST_QUERIES = 10  # one is what the viewer is to whom; one keeps in the history who was found


def found(worker: Worker, q: str = "", **more: str) -> Any:
    """The answer to a search."""
    client = Client()
    client.force_login(worker.account)
    return client.post("/people/", {"q": q, **more}, follow=True)


def names_in(answer: Any) -> list[str]:
    """The names of the people found, in order."""
    parts = unescape(answer.content.decode()).split('class="govuk-heading-s kith-found__name">')[1:]
    return [part.split("</h3>")[0].split("<span")[0].replace("</a>", "").split(">")[-1].strip() for part in parts]


@pytest.fixture
def crowd() -> list[Person]:
    """Every hard pair's written name, as children, and their keys."""
    people = []
    for written, _ in HARD_PAIRS:
        forename, _, surname = written.partition(" ")
        people.append(a_child(forename, surname))
    rebuild_name_keys()
    return people


def test_a_misspelt_or_transliterated_name_finds_the_child_first(crowd: list[Person]) -> None:
    worker, missed = a_worker(), []
    for (written, heard), child in zip(HARD_PAIRS, crowd, strict=True):
        if names_in(found(worker, heard))[:1] != [child.name]:
            missed.append((written, heard))
    assert len(HARD_PAIRS) >= 25
    assert missed == []


def test_no_address_says_who_was_looked_for(crowd: list[Person]) -> None:
    client, other = Client(), Client()
    client.force_login(a_worker().account)
    other.force_login(a_worker(name="Ben Sutton").account)
    page = html.fromstring(client.get("/people/").content)
    assert {form.method for form in page.forms if "q" in form.inputs} == {"POST"}
    sent = client.post("/people/", {"q": crowd[0].name, "born": "", "where": "", "more": "much"})
    assert (sent.status_code, sent["Location"]) == (302, "/people/?search=1")
    assert names_in(client.get("/people/?search=1"))[0] == crowd[0].name
    assert names_in(client.get("/people/?search=1"))[0] == crowd[0].name, "going back to it finds it again"
    client.post("/people/", {"q": "Zzyzx"})
    assert names_in(client.get("/people/?search=2")) == []
    assert names_in(client.get("/people/?search=1"))[0] == crowd[0].name
    for unknown in ("3", "-1", "x", ""):
        assert names_in(client.get("/people/", {"search": unknown})) == []
    assert names_in(other.get("/people/?search=1")) == [], "another's search is another's"
    for number in range(30):
        client.post("/people/", {"q": f"Nobody {number}"})
    assert names_in(client.get("/people/?search=1")) == [], "the newest are kept"
    assert len(client.session["searches"]) == KEPT


def test_names_that_only_sound_alike_are_said_to(crowd: list[Person]) -> None:
    assert "sounds like" in found(a_worker(), "Shon Makdonald").content.decode()


def test_a_swapped_name_an_alias_and_what_she_is_known_as_find_her() -> None:
    child = a_child("Wanjiru", "Kamau", known_as="Shiru")
    Alias.objects.create(person=child, forename="Grace", surname="Otieno", kind="previous", **recorded("alias"))
    rebuild_name_keys([child.pk])
    worker = a_worker()
    for typed in ("Kamau Wanjiru", "Grace Otieno", "Shiru", "wanj", "Otieno, Grace"):
        assert names_in(found(worker, typed)) == ["Wanjiru Kamau"], typed


def test_a_date_of_birth_in_any_common_form_finds_and_comes_first_with_a_name() -> None:
    born = date(2014, 4, 3)
    right, wrong = a_child("Ella", "Stone", born_on=born), a_child("Ella", "Stone", born_on=date(2011, 1, 9))
    rebuild_name_keys()
    worker = a_worker()
    for typed in ("3/4/2014", "03-04-14", "2014-04-03", "3 April 2014", "3rd apr 2014", "03042014", "4/3/2014"):
        answer = found(worker, typed)
        assert f"/children/{right.pk}/" in answer.content.decode(), typed
        assert f"/children/{wrong.pk}/" not in answer.content.decode(), typed
        first = found(worker, f"Ela Stone {typed}").content.decode().split("/children/")[1]
        assert first.startswith(f"{right.pk}/"), typed


def test_an_address_a_postcode_and_a_part_of_one_find_who_lives_there() -> None:
    child = a_child("Noor", "Haq")
    Address.objects.create(person=child, lines="14, Quay Street", postcode="RV1 2AB", **recorded("address"))
    rebuild_name_keys()
    worker = a_worker()
    for typed in ("14 Quay Street", "quay street", "RV1 2AB", "rv12ab", "RV1", "noor RV1 2AB"):
        assert names_in(found(worker, typed)) == ["Noor Haq"], typed
    assert names_in(found(worker, "", where="quay street")) == ["Noor Haq"]
    assert names_in(found(worker, "noor", where="15 quay street")) == []


def test_an_apostrophe_in_an_address_does_not_matter() -> None:
    for name, lines in (("Noor", "105, Tanner's Yard, Riverside"), ("Tom", "105, Tanner’s Yard, Riverside")):
        child = a_child(name, "Haq")
        Address.objects.create(person=child, lines=lines, postcode="RV5 1TH", **recorded("address"))
    worker = a_worker()
    for typed in ("105, Tanner's Yard, Riverside", "105 Tanners Yard", "Tanner’s Yard"):
        assert sorted(names_in(found(worker, "", where=typed))) == ["Noor Haq", "Tom Haq"], typed
        if typed[0].isdigit():
            assert sorted(names_in(found(worker, typed))) == ["Noor Haq", "Tom Haq"], typed


def test_a_name_that_is_also_a_street_finds_both() -> None:
    named, lives = a_child("Rose", "Hill"), a_child("Tom", "Fisher")
    Address.objects.create(person=lives, lines="2, Rose Hill", postcode="RV1 2AB", **recorded("address"))
    rebuild_name_keys()
    assert sorted(names_in(found(a_worker(), "Rose Hill"))) == [named.name, lives.name]


@pytest.mark.parametrize(
    "typed", ["999 123 4567", "9991234567", "A123456789012", "a123456789012", "RV-00042", "12052011"]
)
def test_any_number_finds_its_one_person(typed: str) -> None:
    child = a_child("Leo", "Marsh")
    a_child("Leo", "March")
    for kind, value in (
        ("NHS Number", "9991234567"),
        ("Unique Pupil Number", "A123456789012"),
        ("Case Number", "RV-00042"),
        ("Former Case Number", "12052011"),
    ):
        Identifier.objects.create(person=child, kind=kind, value=value, **recorded("identifier"))
    rebuild_name_keys()
    answer = found(a_worker(), typed)
    assert names_in(answer) == ["Leo Marsh"]
    assert "this number" in answer.content.decode()


def test_the_result_shows_enough_to_be_sure() -> None:
    child = a_child("Imran", "Begum", known_as="Immy", born_on=date(2017, 5, 6))
    Address.objects.create(person=child, lines="14, Quay Street", postcode="RV1 2AB", **recorded("address"))
    a_period(child, "cp_plan", code="NEG")
    a_period(child, "need", code="N1")
    worker = a_worker("Asha Rahman", team=a_team("Assessment North"))
    allocate(child, worker)
    rebuild_name_keys()
    said = " ".join(found(worker, "imran").content.decode().split())
    for words in ("known as Immy", "6 May 2017", "14, Quay Street, RV1 2AB", "Asha Rahman, Assessment North"):
        assert words in said
    assert "On a child protection plan for neglect" in said
    assert "A child in need" not in said, "the plan says more"


def test_a_grown_up_leads_to_the_children() -> None:
    child, mother = a_child("Imran", "Begum"), a_child("Rima", "Khatun", is_child=False)
    related(child, mother, "mother")
    rebuild_name_keys()
    said = found(a_worker(), "Rima Katun").content.decode()
    assert f"/children/{child.pk}/" in said and "Mother of Imran Begum" in said
    assert f"/children/{mother.pk}/" not in said


def test_a_barred_worker_finds_nothing_by_any_way() -> None:
    child, mother = a_child("Imran", "Begum", born_on=date(2015, 6, 7)), a_child("Rima", "Khatun", is_child=False)
    related(child, mother, "mother")
    Identifier.objects.create(person=child, kind="NHS Number", value="9991234567", **recorded("identifier"))
    Address.objects.create(person=child, lines="14, Quay Street", postcode="RV1 2AB", **recorded("address"))
    rebuild_name_keys()
    barred, other = a_worker("Barred"), a_worker("Other")
    bar(barred, child)
    ways = ("Imran Begum", "imram", "7/6/2015", "9991234567", "14 Quay Street", "RV1 2AB", "Rima Khatun")
    for typed in ways:
        said = found(barred, typed).content.decode()
        assert "Begum" not in said.split("</form>")[-1], typed
        assert "Nobody was found" in said, typed
        assert "Nobody was found" not in found(other, typed).content.decode(), f"control: {typed} finds for another"


def test_what_a_barred_worker_is_told_is_what_is_told_when_there_is_nobody() -> None:
    child = a_child("Xanthe", "Quill")
    rebuild_name_keys()
    barred = a_worker()
    bar(barred, child)
    with_child = shown_to(barred)
    Person.objects.filter(pk=child.pk).update(forename="A", surname="B")
    rebuild_name_keys()
    without = shown_to(barred)
    assert with_child == without


def shown_to(worker: Worker) -> str:
    """The page for a search, but for the token of its form, which is new each time."""
    main = html.fromstring(found(worker, "Xanthe Quill").content).get_element_by_id("main-content")
    for token in main.xpath(".//input[@name='csrfmiddlewaretoken']"):
        token.getparent().remove(token)
    return html.tostring(main, encoding="unicode")


def test_a_restricted_child_is_found_only_by_those_named() -> None:
    child = a_child("Imran", "Begum")
    restrict(child, "R1")
    rebuild_name_keys()
    assert names_in(found(a_worker(), "Imran Begum")) == []


def test_a_shielded_child_is_found_by_name_and_not_by_address() -> None:
    child = a_child("Imran", "Begum")
    Address.objects.create(person=child, lines="14, Quay Street", postcode="RV1 2AB", **recorded("address"))
    restrict(child, "R2")
    rebuild_name_keys()
    worker = a_worker()
    assert names_in(found(worker, "14 Quay Street")) == []
    said = found(worker, "Imran Begum").content.decode()
    assert "Imran" in said.split("</form>")[-1] and "14, Quay Street" not in said


def test_an_unborn_child_is_found_by_the_family_name() -> None:
    a_child("Unborn", "Okoro", born_on=None, expected_on=timezone.localdate() + timedelta(days=30))
    rebuild_name_keys()
    answer = found(a_worker(), "Okoro")
    assert names_in(answer) == ["Unborn Okoro"] and "Unborn, expected" in answer.content.decode()


def test_a_search_takes_few_queries_however_many_there_are(crowd: list[Person]) -> None:
    for child in crowd:
        a_period(child)
        Address.objects.create(person=child, lines="14, Quay Street", postcode="RV1 2AB", **recorded("address"))
    worker = a_worker()
    client = Client()
    client.force_login(worker.account)
    most = MOST_QUERIES + (connection.vendor == "postgresql")  # there the keys of a name are found first, on their own
    for typed in ("Mohamed Khan 3/4/2014 RV1 2AB", "Jon Smith", "x", "RV1 2AB", "9991234567"):
        with CaptureQueriesContext(connection) as cost:
            client.get("/people/", {"q": typed})
        marks = ("SAVEPOINT", "RELEASE", "SELECT set_config")  # only mark a transaction, and who is acting in it
        asked_of_database = [each for each in cost if not each["sql"].startswith(marks)]
        assert len(asked_of_database) <= most, (typed, len(asked_of_database))


@pytest.mark.parametrize(
    ("typed", "names", "born_on", "numbers"),
    [
        ("Ann-Marie D'Souza", ("ann", "marie", "dsouza"), None, ()),
        ("khan 3.4.70", ("khan",), date(1970, 4, 3), ()),
        ("30/2/2015", (), None, None),
        ("", (), None, ()),
        ("   ", (), None, ()),
    ],
)
def test_what_is_typed_is_taken_apart(typed: str, names: tuple[str, ...], born_on: date | None, numbers: Any) -> None:
    parts = asked(typed, on=ON)
    assert parts.names == names and parts.born_on == born_on
    if numbers is not None:
        assert parts.numbers == numbers


def test_a_date_that_cannot_be_is_refused_in_its_own_box_and_nothing_is_lost() -> None:
    answer = found(a_worker(), "Imran", born="30/2/2015").content.decode()
    assert "Enter the date of birth as a date, such as 3/4/2015" in answer
    assert 'value="Imran"' in answer and 'value="30/2/2015"' in answer
