"""What falls due for the authority itself: worked out of what was signed off and checked, and in nobody's record."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone
from tests.factories import a_child, a_worker, viewer
from tests.unit.oversight.returns.kit import counts, listed, officer, words

from kith.foundation.access.models import Worker
from kith.oversight.returns.duties import late_or_soon, turns
from kith.oversight.returns.models import Check, Version
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.duties import titles
from kith.record.deadlines.held import left_out
from kith.record.deadlines.models import Deadline

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()


def moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))


def a_version(by: Worker, key: str, year: int, *, signed: date | None = None, number: int = 1) -> None:
    told = {"on": date(year, 3, 31), "term": str(year), "number": number, "asked_at": moment(TODAY), "by": by}
    if signed:
        told |= {"signed_at": moment(signed), "signed_by": a_worker("Maria Doyle"), "state": "signed"}
    Version.objects.create(key=key, purpose="The yearly return", **told)


def a_check(by: Worker, day: date, *, rows: int = 9, kind: str = "annex_a", state: str = "done") -> None:
    Check.objects.create(kind=kind, started_at=moment(day), by=by, rows_in=rows, state=state)


def said(who: Worker, on: date) -> dict[tuple[str, str], tuple[str, date, date | None]]:
    return {(turn.rule.id, turn.of): (turn.state, turn.due_on, turn.met_on) for turn in turns(viewer(who), on=on)}


def test_a_return_is_due_each_year_from_the_first_that_was_asked_for_here_and_done_when_it_is_signed() -> None:
    who = a_worker(role="data_officer")
    assert said(who, date(2026, 8, 3)) == {}
    a_version(who, "cin", 2025, signed=date(2025, 2, 3))  # before its year had ended: a trial
    a_version(who, "cin", 2025, signed=date(2025, 8, 4), number=2)
    a_version(who, "cin", 2026, signed=date(2026, 7, 31))
    a_version(who, "ssda903", 2026)
    a_version(who, "ssd", 2026)
    cin, care = "return_cin_census", "return_ssda903"
    assert said(who, date(2026, 8, 3)) == {
        (care, "2025/26"): ("overdue", date(2026, 6, 30), None),
        (care, "2026/27"): ("not_due", date(2027, 6, 30), None),
        (cin, "2026/27"): ("not_due", date(2027, 7, 31), None),
        (cin, "2025/26"): ("met", date(2026, 7, 31), date(2026, 7, 31)),
        (cin, "2024/25"): ("met_late", date(2025, 7, 31), date(2025, 8, 4)),
    }
    [first, *_] = turns(viewer(who), on=date(2026, 6, 10))
    assert (first.rule.id, first.of, first.state) == (care, "2025/26", "due_soon")


def test_the_lists_of_annex_a_are_due_each_month_from_the_first_check_and_a_check_is_of_the_month_that_ended() -> None:
    who = a_worker(role="divisional_director")
    for day in (date(2026, 1, 31), date(2026, 3, 4), date(2026, 4, 20)):
        a_check(who, day)
    a_check(who, date(2025, 1, 2), rows=0, state="refused")
    a_check(who, date(2025, 1, 2), kind="cin")
    found = {of: (state, met) for (_, of), (state, _, met) in said(who, date(2026, 5, 12)).items()}
    assert found == {
        "January 2026": ("met", date(2026, 1, 31)),
        "February 2026": ("met", date(2026, 3, 4)),
        "March 2026": ("met_late", date(2026, 4, 20)),
        "April 2026": ("overdue", None),
        "May 2026": ("not_due", None),
    }


def test_it_is_on_a_page_and_on_today_of_those_who_see_returns_and_among_nobodys_deadlines() -> None:
    a_check(a_worker(), TODAY - timedelta(days=100))
    late = {who: late_or_soon(viewer(a_worker(role=who)), on=TODAY) for who in ("data_officer", "social_worker")}
    assert len(late["data_officer"]) >= 2 and late["social_worker"] == []
    client = officer()
    today, page = words(client, "/"), words(client, "/returns/due/")
    sentence = "The lists of Annex A are fresh"
    assert sentence in today and sentence in page and "ILACS Annex A" in page
    shown = dict(each for each in counts(today) + counts(page) if each[0].startswith("/returns/due/"))
    assert shown["/returns/due/?which=now"] == len(late["data_officer"])
    assert all(listed(words(client, path)) == many for path, many in shown.items())
    assert sum(many for path, many in counts(page) if "which" in path) == listed(page)
    worker = officer("social_worker")
    assert worker.get("/returns/due/").status_code == 403 and sentence not in words(worker, "/")
    recompute(people=[a_child().pk], on=TODAY)
    assert not Deadline.objects.filter(rule="annex_a_ready").exists()
    assert "annex_a_ready" not in {*left_out(), *titles()}
