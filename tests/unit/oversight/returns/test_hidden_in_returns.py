"""A return names children: a report says who they are only to whom they may be known; to others they are not in it."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.factories import a_team, a_worker, bar, hold, restrict
from tests.unit.oversight.returns.kit import LATE, census, checked, counts, known_as, listed, officer, words

from kith.foundation.history.models import Opening
from kith.oversight.returns.models import Check

pytestmark = pytest.mark.django_db
HERS = "KITH-4711"  # no token or nonce on a page looks like it
CHILDREN = {HERS: "2026-12-01", "A2": "2026-11-01", "A3": "2026-10-01"}


@pytest.fixture
def client(record: None) -> Client:
    return officer()


def every_page(client: Client, check: Check) -> str:
    """Every page of a report, and every download."""
    first = words(client, f"/returns/checks/{check.pk}/")
    text = first + "".join(words(client, url) for url, _ in counts(first))
    text += words(client, f"/returns/checks/{check.pk}/issues/") + words(
        client, f"/returns/checks/{check.pk}/children/"
    )
    for form in ("csv", "json", "html"):
        text += client.get(f"/returns/checks/{check.pk}/download/{form}/").content.decode()
    return text


def test_a_child_is_named_where_known_linked_where_it_opens_and_else_is_an_id(client: Client) -> None:
    known_as(HERS, "Quenby")
    check = checked(client, ("census.xml", census(CHILDREN)))
    page = words(client, f"/returns/checks/{check.pk}/issues/?rule={LATE}")
    assert f"Quenby Begum ({HERS})" in page and "A2" in page and "/children/" not in page, "she may know, and not open"
    shown = Opening.objects.filter(kind="listed", page="returns:issues").latest("pk")
    assert shown.worker and len(shown.shown) == 1


def test_a_record_that_opens_is_linked(client: Client) -> None:
    child = known_as(HERS, "Quenby")
    hold(child, a_team())
    director = a_worker("Dee", role="divisional_director", team=a_team())
    check = checked(client, ("census.xml", census(CHILDREN)))
    reader = Client()
    reader.force_login(director.account)
    assert f'href="/children/{child.pk}/"' in words(reader, f"/returns/checks/{check.pk}/")


@pytest.mark.parametrize("hide", ["barred", "R1", "R3", "R4"])
def test_a_hidden_child_is_in_no_page_count_or_download_of_who_may_not_know(client: Client, hide: str) -> None:
    child = known_as(HERS, "Quenby")
    hold(child, a_team("Assessment 2"))
    reader = a_worker("Dee", role="divisional_director")
    bar(reader, child) if hide == "barred" else restrict(child, hide)
    check = checked(client, ("census.xml", census(CHILDREN)))
    director = Client()
    director.force_login(reader.account)
    text = every_page(director, check)
    assert HERS not in text and "Quenby" not in text and "Assessment 2" not in text and "A2" in text
    assert listed(words(director, f"/returns/checks/{check.pk}/issues/?rule={LATE}")) == 2
    assert listed(words(director, f"/returns/checks/{check.pk}/issues/?child={HERS}")) == 0
    [gone] = [number for number in range(check.issues) if issue(client, check, number, HERS)]
    assert director.get(f"/returns/checks/{check.pk}/issues/{gone}/").status_code == 404


def issue(client: Client, check: Check, number: int, child: str) -> bool:
    """Whether the issue of this number is the late birth of this child."""
    page = words(client, f"/returns/checks/{check.pk}/issues/{number}/")
    return child in page and LATE in page


@pytest.mark.parametrize("hide", ["R1", "R3", "R4"])
def test_who_uploaded_it_sees_the_id_that_she_sent_and_nothing_of_the_record(client: Client, hide: str) -> None:
    child = known_as(HERS, "Quenby")
    hold(child, a_team("Assessment 2"))
    restrict(child, hide)
    check = checked(client, ("census.xml", census(CHILDREN)))
    text = every_page(client, check)
    assert HERS in text and "Quenby" not in text and "Assessment 2" not in text
    shown = [each for each in Opening.objects.filter(kind="listed").values_list("shown", flat=True) if each]
    assert child.pk not in {pk for each in shown for pk in each}


def test_the_team_is_the_one_that_works_with_the_child_today(client: Client) -> None:
    hold(known_as(HERS), a_team("Assessment 2"))
    check = checked(client, ("census.xml", census(CHILDREN)))
    page = words(client, f"/returns/checks/{check.pk}/")
    assert "Assessment 2" in page and "No team known" in page
    team = a_team("Assessment 2").pk
    assert listed(words(client, f"/returns/checks/{check.pk}/children/?team={team}")) == 1
    assert listed(words(client, f"/returns/checks/{check.pk}/children/?team=none")) == 2
