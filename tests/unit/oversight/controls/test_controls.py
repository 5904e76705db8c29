"""The first control, on a record: it finds a planted failure, says so, and names those children and no others."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_step, a_worker, bar, restrict, viewer

from kith.oversight.controls import actions, queries
from kith.oversight.controls.book import book
from kith.oversight.controls.commands import controls as command
from kith.oversight.controls.models import Reading
from kith.record.people.models import Person

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()
MONDAY = TODAY - timedelta(days=TODAY.weekday())
KEY = "strategy_decisions_same_day"
HERE = f"/controls/{KEY}/"


def a_meeting(on: date, *children: Person, late: int | None = 0) -> None:
    """A meeting decided `late` days after it was held; None is never."""
    done = None if late is None else on + timedelta(days=late)
    a_step(*children, kind="strategy_meeting", code="", opened_on=on, happened_on=on, done_on=done)


def a_service_that_holds(weeks: int = 30) -> Person:
    """Three children discussed each week until last week, all decided the same day."""
    child = a_child("Good", "Practice")
    for week in range(1, weeks + 1):
        for day in range(3):
            a_meeting(MONDAY - timedelta(weeks=week, days=-day), child)
    return child


def a_planted_failure(weeks: int = 3) -> list[Person]:
    """In each of the last full weeks, two more children whose meeting was decided two days later."""
    found = []
    for week in range(1, weeks + 1):
        for day in range(2):
            child = a_child(f"Planted{week}{day}", "Failure")
            a_meeting(MONDAY - timedelta(weeks=week, days=-day), child, late=2)
            found.append(child)
    return found


def judged() -> queries.Judgement:
    [found] = queries.judgements(on=TODAY, keys=[KEY])
    return found


def test_the_control_is_written_with_its_sentence_its_source_and_its_owner() -> None:
    control = book()[KEY]
    assert control.sentence == "Every strategy meeting has its decisions the same day."
    assert "25 May 2018" in control.citation
    assert (control.owner, control.standing, control.checked) == ("team_manager", "local default", "L")


def test_it_finds_the_planted_failure_and_says_since_when() -> None:
    a_service_that_holds()
    a_planted_failure()
    found = judged()
    assert found.verdict.kind == "worse"
    assert found.verdict.since == MONDAY - timedelta(weeks=3)
    assert found.state == "weakening"


def test_without_the_planted_failure_it_holds() -> None:
    a_service_that_holds()
    found = judged()
    assert (found.verdict.kind, found.state) == ("common", "holds")
    assert found.lately.percent == 100.0


def test_a_safeguard_that_mostly_fails_has_stopped() -> None:
    a_service_that_holds(weeks=20)
    for day in range(1, 21):
        a_meeting(TODAY - timedelta(days=day), a_child(), a_child(), late=None)
    assert judged().state == "stopped"


def test_a_lapse_of_weeks_ago_is_past_and_the_safeguard_holds_again() -> None:
    child = a_service_that_holds()
    for day in range(40):
        a_meeting(TODAY - timedelta(days=60 + day), child)
    a_meeting(TODAY - timedelta(days=50), child, late=3)
    assert judged().state == "holds"


def test_with_nothing_to_test_it_says_so(client: Client) -> None:
    client.force_login(a_worker(role="team_manager").account)
    assert judged().state == "quiet"
    assert "Nothing to test lately" in client.get("/controls/").content.decode()
    page = client.get(HERE)
    assert page.status_code == 200
    assert "there is nothing to draw" in page.content.decode()


def test_a_meeting_held_today_has_failed_nobody_until_the_day_is_over() -> None:
    a_meeting(TODAY, a_child(), late=None)
    who = viewer(a_worker())
    assert judged().lately.expected == 0
    [waiting] = queries.children_behind(who, book()[KEY], since=TODAY, until=TODAY, on=TODAY).to_dicts()
    assert (waiting["judged"], waiting["held"]) == (False, False)
    tomorrow = TODAY + timedelta(days=1)
    [found] = queries.judgements(on=tomorrow, keys=[KEY])
    assert (found.lately.expected, found.lately.held) == (1, 0)


def test_a_cancelled_meeting_is_not_expected_to_decide() -> None:
    day = TODAY - timedelta(days=2)
    a_step(
        a_child(), kind="strategy_meeting", code="", happened_on=day, cancelled_on=day, cancelled_why="Recorded twice"
    )
    assert judged().lately.expected == 0


def test_readings_are_kept_for_the_whole_story_and_reading_again_changes_nothing() -> None:
    a_service_that_holds()
    a_planted_failure()
    assert actions.read_all(on=TODAY) == dict.fromkeys(book(), 0) | {KEY: 90}
    kept = list(Reading.objects.order_by("day").values_list("day", "expected", "held"))
    assert sum(expected for _, expected, _ in kept) == 96
    assert sum(held for _, _, held in kept) == 90
    actions.read_all(on=TODAY)
    assert list(Reading.objects.order_by("day").values_list("day", "expected", "held")) == kept


def test_what_was_read_and_what_is_worked_out_live_say_the_same() -> None:
    a_service_that_holds()
    a_planted_failure()
    live = judged()
    actions.read_all(on=TODAY)
    read = judged()
    assert read.days.equals(live.days)
    assert read.verdict == live.verdict


def test_reading_since_a_day_replaces_only_from_that_day() -> None:
    a_service_that_holds(weeks=10)
    since = MONDAY - timedelta(weeks=2)
    actions.read_all(on=TODAY)
    Reading.objects.filter(day__lt=since).update(held=0)
    Reading.objects.filter(day__gte=since).update(held=0)
    wrong = Reading.objects.create(
        control=KEY, day=since + timedelta(days=6), expected=9, held=9, read_at=timezone.now()
    )
    assert actions.read_all(on=TODAY, since=since) == dict.fromkeys(book(), 0) | {KEY: 6}
    assert not Reading.objects.filter(pk=wrong.pk).exists()
    assert set(Reading.objects.filter(day__gte=since).values_list("held", flat=True)) == {1}
    assert set(Reading.objects.filter(day__lt=since).values_list("held", flat=True)) == {0}


def test_the_children_behind_it_are_exactly_those_planted(client: Client) -> None:
    a_service_that_holds()
    planted = a_planted_failure()
    client.force_login(a_worker(role="divisional_director").account)
    page = client.get(HERE).content.decode()
    link = re.search(r'href="([^"]*held=no[^"]*)">(\d+)<', page)
    assert link
    assert int(link[2]) == len(planted) == 6
    listed = client.get(link[1].replace("&amp;", "&")).content.decode()
    assert "6 children discussed." in listed
    for child in planted:
        assert child.name in listed
    assert "Good Practice" not in listed
    assert "2 days late" in listed


def test_every_weeks_count_opens_exactly_its_list(client: Client) -> None:
    a_service_that_holds()
    a_planted_failure()
    client.force_login(a_worker(role="divisional_director").account)
    page = client.get(HERE).content.decode()
    links = re.findall(r'href="(/controls/[^"]*held=no[^"]*)">(\d+)<', page)
    assert len(links) > 30
    for address, count in links:
        listed = client.get(address.replace("&amp;", "&")).content.decode()
        assert f"{count} child" in listed, address
        assert listed.count('class="govuk-table__row" role="row"') == (int(count) + 1 if int(count) else 0), address


def test_a_hidden_child_is_not_listed_or_counted_for_who_may_not_see_but_is_in_the_services_coverage(
    client: Client,
) -> None:
    a_service_that_holds()
    planted = a_planted_failure()
    relative, other = a_worker("Farid Khan"), a_worker("Ben Sutton")
    bar(relative, planted[0])
    restrict(planted[1])
    covered = judged().lately
    for worker, expected in ((relative, 4), (other, 5)):
        client.force_login(worker.account)
        page = client.get(HERE).content.decode()
        link = re.search(r'href="([^"]*held=no[^"]*)">(\d+)<', page)
        assert link
        listed = client.get(link[1].replace("&amp;", "&")).content.decode()
        assert int(link[2]) == expected
        assert f"{expected} children discussed." in listed
        assert planted[1].name not in page + listed
        assert (planted[0].name in listed) == (worker == other)
        assert (
            f"{covered.held} of {covered.expected} children discussed" in page
        )  # the whole service's, and the page says so
        assert "The chart counts the whole service" in page


def test_the_list_says_first_which_have_weakened(client: Client) -> None:
    a_service_that_holds()
    a_planted_failure()
    client.force_login(a_worker(role="team_manager").account)
    page = client.get("/controls/").content.decode()
    assert "Weakening" in page
    assert "Getting worse since" in page


def test_the_pages_ask_the_same_few_questions_however_long_the_story(
    client: Client, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    a_service_that_holds(weeks=70)
    a_planted_failure()
    actions.read_all(on=TODAY)
    client.force_login(a_worker(role="team_manager").account)
    # PostgreSQL is told who is acting, and takes the role that pages are read in and leaves it, in queries of its own;
    # to count the whole service it leaves it and takes it again, and marks where it came from.
    told = 1 if connection.vendor == "postgresql" else 0
    for address, most, times in (("/controls/", 11, 7), (HERE, 16, 7), (f"{HERE}children/", 14, 5)):
        with django_assert_max_num_queries(most + told * times):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "query", ["?from=nonsense", "?until=2026-02-31", "?held=maybe&page=-2", "?from=2030-01-01&until=2020-01-01"]
)
def test_filters_that_mean_nothing_do_no_harm(client: Client, query: str) -> None:
    client.force_login(a_worker().account)
    assert client.get(f"{HERE}children/{query}").status_code == 200
    assert client.get("/controls/nothing/").status_code == 404


def test_the_command_reads_and_says_how_each_stands() -> None:
    a_service_that_holds()
    a_planted_failure()
    read = CliRunner().invoke(command, ["read"])
    assert read.exit_code == 0
    others = [f"{each}: 0 days read" for each in book() if each != KEY]
    assert sorted(read.output.splitlines()) == sorted([*others, f"{KEY}: 90 days read"])
    shown = CliRunner().invoke(command, ["show"])
    assert "\nWeakening: Every strategy meeting has its decisions the same day." in f"\n{shown.output}"
