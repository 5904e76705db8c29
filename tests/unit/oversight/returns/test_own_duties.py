"""What the authority itself has to do outside Kith: recorded by hand, due by its rule, done once, or a mistake."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.factories import a_worker, viewer
from tests.unit.oversight.returns.kit import counts, listed, officer, words

from kith.foundation.history.models import Change
from kith.oversight.returns import own_duties
from kith.oversight.returns.duties import late_or_soon, turns
from kith.oversight.returns.models import OwnDuty
from kith.statutory.timescales.loading import rule_book
from kith.vocabulary.errors import KithError

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()
DAY = {"began_on": "2026-03-02"}


def a_duty(kind: str, reference: str, began: date, *, done: date | None = None) -> OwnDuty:
    return own_duties.add(
        kind=kind, reference=reference, began_on=began, done_on=done, at=timezone.now(), by=a_worker("Jo Ito")
    )


def said(on: date) -> dict[tuple[str, str], tuple[str, date, date | None]]:
    who = viewer(a_worker(role="data_officer"))
    return {(turn.rule.id, turn.of): (turn.state, turn.due_on, turn.met_on) for turn in turns(who, on=on)}


def test_a_request_is_due_within_20_working_days_and_each_is_met_by_its_own_answer() -> None:
    a_duty("information_request", "FOI 101", date(2026, 3, 2), done=date(2026, 3, 30))
    a_duty("information_request", "FOI 102", date(2026, 3, 2), done=date(2026, 3, 31))
    a_duty("information_request", "FOI 103", date(2026, 3, 2))
    rule, due = "foi_20_wd", date(2026, 3, 30)
    assert said(date(2026, 4, 1)) == {
        (rule, "FOI 101"): ("met", due, due),
        (rule, "FOI 102"): ("met_late", due, date(2026, 3, 31)),
        (rule, "FOI 103"): ("overdue", due, None),
    }


def test_the_workforce_census_is_due_each_year_from_the_first_that_was_recorded() -> None:
    a_duty("workforce_census", "", date(2025, 3, 31), done=date(2025, 11, 28))
    rule = "return_csww"
    assert said(date(2026, 11, 20)) == {
        (rule, "2024/25"): ("met", date(2025, 11, 30), date(2025, 11, 28)),
        (rule, "2025/26"): ("due_soon", date(2026, 11, 30), None),
        (rule, "2026/27"): ("not_due", date(2027, 11, 30), None),
    }
    a_duty("workforce_census", "", date(2026, 3, 31), done=date(2026, 12, 1))
    assert said(date(2026, 12, 2))[rule, "2025/26"] == ("met_late", date(2026, 11, 30), date(2026, 12, 1))


def test_what_the_law_does_not_ask_yet_is_not_offered_and_its_rule_runs_from_the_day_it_does() -> None:
    rules = {rule.id: rule for rule in rule_book().whole}
    assert {kind.rule for kind in own_duties.KINDS.values()} <= set(rules)
    assert not rules["macpt"].commenced and not rules["macpt"].waits_for
    assert set(own_duties.in_force(on=TODAY)) == {"information_request", "workforce_census"}
    a_duty("protection_team", "North", date(2026, 9, 1))
    assert said(date(2026, 10, 1)) == {}
    assert officer().get("/returns/due/add/protection_team/").status_code == 404


def test_it_is_recorded_on_a_page_stands_on_today_and_is_done_once() -> None:
    client, began = officer(), TODAY - timedelta(days=60)
    form = {"reference": " FOI 7 ", "began_on": began.isoformat()}
    sent = client.post("/returns/due/add/information_request/", form)
    made = OwnDuty.objects.get()
    assert sent["Location"] == f"/returns/due/{made.pk}/" and (made.reference, made.began_on) == ("FOI 7", began)
    assert Change.objects.filter(table="returns_ownduty", row=str(made.pk), act="added").exists()
    today, every, page = words(client, "/"), words(client, "/returns/due/"), words(client, sent["Location"])
    assert sent["Location"] in today and sent["Location"] in every and "FOIA 2000 s10" in page and "Late" in page
    shown = dict(each for each in counts(today) + counts(every) if each[0].startswith("/returns/due/"))
    assert shown["/returns/due/?which=now"] == 1 == listed(words(client, "/returns/due/?which=now"))
    day = {"done_on": TODAY.isoformat()}
    client.post(f"/returns/due/{made.pk}/done/", day)
    made.refresh_from_db()
    assert made.done_on == TODAY and late_or_soon(viewer(a_worker(role="data_officer")), on=TODAY) == []
    again = client.post(f"/returns/due/{made.pk}/done/", day, follow=True)
    assert "Somebody else changed this meanwhile." in again.content.decode()


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        ("information_request", DAY, "Enter its reference in the council’s own register"),
        ("information_request", {"reference": "FOI 9"}, "Enter the day it was received"),
        (
            "information_request",
            {"reference": "FOI 9", "began_on": "2009-03-02"},
            "The day it was received must be 1 January 2010 or after",
        ),
        (
            "information_request",
            DAY | {"reference": "FOI 9", "done_on": "2026-03-01"},
            "It began on 2 March 2026: it cannot be done before that",
        ),
        ("information_request", DAY | {"reference": "FOI 1"}, "FOI 1 is recorded already."),
        ("workforce_census", DAY, "A year ends on 31 March, for example 31 3 2026"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_kept(
    key: str, typed: dict[str, str], sentence: str
) -> None:
    a_duty("information_request", "FOI 1", date(2026, 3, 2))
    answer = officer().post(f"/returns/due/add/{key}/", typed)
    assert answer.status_code == 200 and sentence in answer.content.decode()
    assert OwnDuty.objects.count() == 1


def test_a_mistake_is_said_once_with_why_and_may_be_recorded_anew() -> None:
    made, client = a_duty("information_request", "FOI 1", date(2026, 3, 2)), officer()
    address = f"/returns/due/{made.pk}/"
    assert "Say why it was a mistake" in client.post(f"{address}mistaken/", {"why": ""}).content.decode()
    client.post(f"{address}mistaken/", {"why": "It is of another council"})
    page = words(client, address)
    assert "It is of another council" in page and "Say that it was a mistake" not in page and said(TODAY) == {}
    with pytest.raises(KithError, match="Somebody else changed this"):
        own_duties.done(duty=made.pk, on=TODAY)
    a_duty("information_request", "FOI 1", date(2026, 3, 3))


def test_it_is_seen_by_those_who_see_returns_and_recorded_by_those_who_may() -> None:
    address = f"/returns/due/{a_duty('information_request', 'FOI 1', date(2026, 3, 2)).pk}/"
    director, worker = officer("divisional_director"), officer("social_worker")
    assert "It is done" not in words(director, address) and worker.get(address).status_code == 403
    for client in (director, worker):
        assert client.post(f"{address}done/", {}).status_code == 403
        assert client.post(f"{address}mistaken/", {"why": "No"}).status_code == 403
        assert client.get("/returns/due/add/information_request/").status_code == 403
