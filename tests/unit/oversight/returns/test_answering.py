"""A query is answered once, by a person and with a reason, and stays answered while the row says the same."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.unit.oversight.returns.kit import LATE, WHOLE, census, checked, counts, issue_of, listed, officer, words

from kith.foundation.history.models import Change
from kith.oversight.returns.models import Answer, Check

pytestmark = pytest.mark.django_db
CHILDREN = {"A1": "2026-12-01", "A2": "2026-11-01"}
WHY = "The child is expected; the day is the one that the hospital gave."


@pytest.fixture
def client(record: None) -> Client:
    return officer()


def answer(client: Client, check: Check, rule: str = LATE, child: str = "A1", why: str = WHY) -> str:
    """Answer the issue of this rule and child; gives its address."""
    path = issue_of(client, check, rule, child)
    said = client.post(f"{path}answer/", {"reason": why}, follow=True)
    assert said.status_code == 200
    return path


def open_and_answered(client: Client, check: Check, rule: str = LATE) -> tuple[int, int]:
    """How many issues of a rule are open, and how many answered, as their lists say."""
    path = f"/returns/checks/{check.pk}/issues/?rule={rule}&state="
    return listed(words(client, f"{path}open")), listed(words(client, f"{path}answered"))


def test_an_answer_is_given_with_a_reason_and_shown_and_counted_apart(client: Client) -> None:
    check = checked(client, ("census.xml", census(CHILDREN)))
    before = dict(counts(words(client, f"/returns/checks/{check.pk}/")))
    path = answer(client, check)
    page = words(client, path)
    assert WHY in page and "A data_officer" in page and "Answer it" not in page
    assert open_and_answered(client, check) == (1, 1)
    after = dict(counts(words(client, f"/returns/checks/{check.pk}/")))
    for state, change in (("open", -1), ("answered", 1)):
        tile = f"/returns/checks/{check.pk}/issues/?state={state}"
        assert after[tile] == before[tile] + change
    kept = Change.objects.get(table="returns_answer", act="added")
    assert kept.worker and WHY in str(kept.after)


def test_no_reason_is_no_answer(client: Client) -> None:
    check = checked(client, ("census.xml", census(CHILDREN)))
    path = issue_of(client, check, LATE, "A1")
    for empty in ("", "   "):
        page = client.post(f"{path}answer/", {"reason": empty}).content.decode()
        assert page.count("Say why it is right as it stands") == 2
    assert not Answer.objects.exists()


def test_it_stays_answered_at_the_next_check_while_the_row_says_the_same(client: Client) -> None:
    answer(client, checked(client, ("census.xml", census(CHILDREN))))
    more = {"A0": "2026-10-01", "A2": "2026-11-01", "A1": "2026-12-01"}  # another order, and one child more
    again = checked(client, ("other-name.xml", census(more)))
    assert open_and_answered(client, again) == (2, 1)
    changed = checked(client, ("census.xml", census({"A1": "2026-12-02", "A2": "2026-11-01"})))
    assert open_and_answered(client, changed) == (2, 0), "the row says something else: it is asked again"


def test_an_answer_holds_for_its_own_year_child_and_rule_alone(client: Client) -> None:
    answer(client, checked(client, ("census.xml", census(CHILDREN))))
    next_year = checked(client, ("census.xml", census({"A1": "2027-12-01"}, year=2027)))
    assert open_and_answered(client, next_year) == (1, 0)
    same = checked(client, ("census.xml", census(CHILDREN)))
    others = [url for url, _ in counts(words(client, f"/returns/checks/{same.pk}/")) if "state=answered" in url]
    assert sum(listed(words(client, url)) for url in others if "rule=" in url) == 1


def test_an_answer_about_the_whole_return_holds_for_the_same_files(client: Client) -> None:
    check = checked(client, ("census.xml", census(CHILDREN)))
    answer(client, check, rule=WHOLE, child="")
    assert open_and_answered(client, checked(client, ("again.xml", census(CHILDREN))), WHOLE) == (0, 1)
    more = checked(client, ("census.xml", census(CHILDREN | {"A3": "2015-01-01"})))
    assert open_and_answered(client, more, WHOLE) == (1, 0)


def test_an_answer_is_taken_back_and_another_given(client: Client) -> None:
    check = checked(client, ("census.xml", census(CHILDREN)))
    path = answer(client, check)
    client.post(f"{path}withdraw/")
    page = words(client, path)
    assert "Answer it" in page and "Answers that were taken back" in page and WHY in page
    assert open_and_answered(client, check) == (2, 0)
    answer(client, check, why="Another reason")
    assert "Another reason" in words(client, path)
    assert Answer.objects.count() == 2
    kept = Change.objects.filter(table="returns_answer", act="changed").get()
    assert kept.worker and kept.after["withdrawn_at"]


def test_two_who_answer_at_once_are_told_of_each_other(client: Client) -> None:
    check = checked(client, ("census.xml", census(CHILDREN)))
    path = answer(client, check)
    said = client.post(f"{path}answer/", {"reason": "Mine"}, follow=True).content.decode()
    assert "Somebody else answered this meanwhile" in said and Answer.objects.get().reason == WHY
    client.post(f"{path}withdraw/")
    said = client.post(f"{path}withdraw/", follow=True).content.decode()
    assert "Somebody else took this answer back already" in said


def test_a_row_that_could_not_be_read_is_not_answered_but_put_right(client: Client) -> None:
    body = b"CHILD,DOB,MISSING,MIS_START,MIS_END\nC1,03/02/2012\n"
    check = checked(client, ("missing.csv", body), kind="ssda903", year="2026")
    path = issue_of(client, check, "READ")
    assert "Answer it" not in words(client, path)
    assert client.post(f"{path}answer/", {"reason": WHY}).status_code == 404


def test_there_is_no_issue_of_a_number_that_is_not_there(client: Client) -> None:
    check = checked(client, ("census.xml", census(CHILDREN)))
    for number in (999_999, 2**40):
        assert client.get(f"/returns/checks/{check.pk}/issues/{number}/").status_code == 404
        assert client.post(f"/returns/checks/{check.pk}/issues/{number}/withdraw/").status_code == 404
