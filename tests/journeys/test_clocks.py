"""Clocks: why a thing is due, a timescale that the council changes, and a safeguard that stops and says so."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from tests.journeys.kit import Somebody

CONTROL = "/controls/return_interviews_held/"
TIMESCALE = "/deadlines/timescales/cp_visit/"
DUE_OF = """
from kith.record.deadlines.models import Deadline
rows = Deadline.objects.filter(rule="cp_visit", open=True, person_id={child}).order_by("pk")
print(json.dumps([[each.pk, each.opened_on.isoformat(), each.due_on.isoformat()] for each in rows]))
"""
ON_PLANS = """
from datetime import date
from kith.record.deadlines.models import Deadline
from kith.record.people.models import Involvement
mine = Involvement.objects.filter(worker__account__email="social_worker@riverside.example", ended_on=None)
rows = Deadline.objects.filter(rule="cp_visit", open=True, opened_on__lt=date.today())
rows = rows.filter(person_id__in=mine.values("person_id"))
rows = rows.exclude(person__ref__in={but})
print(json.dumps(list(rows.order_by("pk").values_list("person_id", flat=True))))
"""


@pytest.mark.part_of("E10", "E11")
def test_why_a_thing_is_due_and_from_when_it_will_be_late(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Asha Rahman").sees("Today", "Late from", "unless by then")
    somebody.opens("/deadlines/?state=soon").sees("unless by then").is_photographed("due-soon").finds_the_page_sound()
    for href, number in somebody.counts():
        assert somebody.finds_listed(href)[0] == number, href
    somebody.clicks(somebody.page.locator("main td a", has_text="Why").first)
    somebody.sees("Why is this due?", "Counting", "Source").is_photographed("why").finds_the_page_sound()


@pytest.mark.part_of("E11")
def test_the_council_changes_a_timescale_and_only_what_begins_later_moves(somebody: Somebody) -> None:
    brothers = [f"person:{each}" for each in somebody.world.planted["brothers"]]
    child = somebody.world.ask(ON_PLANS.format(but=brothers))[0]
    [[_, _, before]] = somebody.world.ask(DUE_OF.format(child=child))
    somebody.is_signed_in_as("Grace Adeyemi").opens("/deadlines/timescales/").sees("not law")
    somebody.is_photographed("timescales").finds_the_page_sound()
    somebody.opens(TIMESCALE).presses("Change this timescale")
    somebody.page.fill("[name=number]", "9")
    somebody.page.locator("[name=unit]").select_option(label="Days")
    somebody.presses("Save").sees("There is a problem", "Say why").is_photographed("timescale-change")
    somebody.finds_the_page_sound()
    somebody.page.fill("[name=why]", "The improvement board agreed it.")
    somebody.presses("Save").sees("Saved", "The improvement board agreed it.", "9 days")
    somebody.is_photographed("timescale").finds_the_page_sound()
    [[_, _, still]] = somebody.world.ask(DUE_OF.format(child=child))
    assert still == before, "what began before keeps the number it was measured by"
    visit(somebody, child)
    [[number, opened, due]] = somebody.world.ask(DUE_OF.format(child=child))
    assert opened == somebody.today
    assert due == (date.today() + timedelta(days=9)).isoformat()
    somebody.opens(f"/deadlines/{number}/why/").sees(
        "9 days", "Set by this council", "The improvement board agreed it."
    )
    somebody.presses("Sign out").is_signed_in_as("Grace Adeyemi").opens(TIMESCALE).presses("Change this timescale")
    somebody.page.fill("[name=number]", "10")
    somebody.page.locator("[name=unit]").select_option(label="Working days")
    somebody.page.fill("[name=why]", "Nine days was only tried.")
    somebody.presses("Save").sees("Saved", "10 working days", "Nine days was only tried.", "9 days")


def visit(somebody: Somebody, child: int) -> None:
    """A visit to the child today, by the child's worker."""
    somebody.presses("Sign out")
    somebody.is_signed_in_as("Asha Rahman").opens(f"/children/{child}/").follows("Record a visit")
    if somebody.page.get_by_role("button", name="Continue").count():
        somebody.presses("Continue")
    page = somebody.page
    somebody.dates("day", days_ago=0)
    page.fill("[name=time]", "12:01am")
    page.fill("[name=where]", "At home")
    for name in ("seen", "seen_alone", "bedroom_seen"):
        page.locator(f"[name='child-{child}-{name}'][value=yes]").check()
    page.fill(f"[name='child-{child}-said']", "I like the new school.")
    somebody.presses("Save visit").sees("Done")


@pytest.mark.part_of("C5", "C25", "C26", "E9")
def test_a_safeguard_that_stops_says_so_and_opens_to_its_children_and_its_measure(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Grace Adeyemi").follows("Safeguards").sees("Holding", "gaps")
    assert somebody.page.locator("main .kith-cards__item").count() >= 25
    somebody.opens(CONTROL).sees("return interview").is_photographed("control-interviews").finds_the_page_sound()
    planted = [each for each in somebody.world.planted["planted"] if "return_interviews_held" in each["controls"]]
    numbers = {str(each) for each in somebody.world.numbers_of([each["person_id"] for each in planted])}
    href = str(somebody.page.locator("main a[href*='held=no']").first.get_attribute("href"))
    shown = set(re.findall(r"/children/(\d+)/", somebody.page.request.get(href).text()))
    assert len(numbers & shown) > 1, "the planted children are not behind it"
    somebody.follows("Return interviews held").sees("Denominator", "Numerator", "Open and overdue")
    somebody.is_photographed("measure").finds_the_page_sound()
    for listed, number in somebody.counts():
        assert somebody.finds_listed(listed)[0] == number, listed
    somebody.opens("/measures/").sees("Timeliness measures").is_photographed("measures").finds_the_page_sound()


@pytest.mark.part_of("C25")
def test_every_safeguard_finds_what_was_planted_for_it_in_the_record(somebody: Somebody, another: Somebody) -> None:
    somebody.is_signed_in_as("Grace Adeyemi").opens("/controls/")
    links = somebody.page.locator("main .kith-cards__item a").evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    )
    missed = [link for link in links if not finds_planted(somebody, link)]
    assert missed == ["/controls/allegations_weighed/"], "these found nobody planted for them"
    assert finds_planted(another.is_signed_in_as("Noreen Baptiste"), missed[0]), "allegations open to who keeps them"


def finds_planted(somebody: Somebody, link: str) -> bool:
    """Whether the list behind a safeguard holds somebody on whom a failure was planted for it."""
    key, planted = link.strip("/").split("/")[-1], somebody.world.planted["planted"]
    people = [each["person_id"] for each in planted if key in each["controls"]]
    numbers = {str(each) for each in somebody.world.numbers_of(people)}
    return bool(numbers & listed(somebody, f"{link}children/?held=no"))


def listed(somebody: Somebody, href: str) -> set[str]:
    """The children, or grown-ups, of every page of a list."""
    found: set[str] = set()
    for number in range(1, 40):
        text = somebody.page.request.get(f"{href}&page={number}").text()
        found |= set(re.findall(r"/(?:children|grown-ups)/(\d+)/", text))
        if 'rel="next"' not in text:
            break
    return found


@pytest.mark.part_of("E10")
def test_a_worker_takes_what_falls_to_her_into_her_own_calendar_and_ends_it(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Asha Rahman").follows("See this in your own calendar").presses("Make an address")
    somebody.is_photographed("calendar").finds_the_page_sound()
    address = somebody.page.locator("#address").input_value()
    made = somebody.page.request.get(address)
    assert made.ok and "BEGIN:VEVENT" in made.text()
    assert "Rahman" not in made.text()
    somebody.opens("/calendar/").presses("End the address").sees("ended")
    assert somebody.page.request.get(address).status == 404
