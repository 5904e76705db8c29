"""A social worker's morning: Today, a child's page, why it is due, one visit to two children; the clock moves."""

from __future__ import annotations

import re

import pytest
from tests.journeys.kit import Somebody

OVERDUE_PAIR = """
from kith.record.deadlines.models import Deadline
from kith.record.people.models import FamilyMember, Involvement
from django.utils import timezone
mine = Involvement.objects.filter(worker__account__email="social_worker@riverside.example", ended_on=None)
late = Deadline.objects.filter(rule="cp_visit", open=True, due_on__lt=timezone.localdate())
mine = set(mine.values_list("person_id", flat=True)) & set(late.values_list("person_id", flat=True))
families = {}
for family, person in FamilyMember.objects.filter(person_id__in=mine).values_list("family", "person_id"):
    families.setdefault(family, []).append(person)
print(json.dumps(next(sorted(each) for each in families.values() if len(each) > 1)))
"""


@pytest.mark.proves("B4", "B5", "B3", "D7", "E11")
def test_one_visit_to_a_brother_and_sister_moves_both_clocks_on_the_page_and_in_today(somebody: Somebody) -> None:
    pair = somebody.world.ask(OVERDUE_PAIR)
    somebody.is_signed_in_as("Asha Rahman")
    before = somebody.number_beside("Overdue")
    somebody.opens(f"/children/{pair[0]}/").sees("days late").is_photographed("child").finds_the_page_sound()
    somebody.follows("Record a visit").is_photographed("visit-who").finds_the_page_sound()
    somebody.page.locator(f"input[type=checkbox][value='{pair[1]}']").check()
    somebody.presses("Continue")
    fill_visit(somebody, pair)
    somebody.is_photographed("visit-form").finds_the_page_sound()
    somebody.presses("Save visit")
    somebody.sees("Saved", "due")
    for child, words in zip(pair, ("I scored a goal", "My tooth fell out"), strict=True):
        somebody.opens(f"/children/{child}/").sees(words)
        assert "Child protection visit" not in somebody.late_duties()
    somebody.opens(f"/children/{pair[0]}/").does_not_see("My tooth fell out")
    somebody.opens("/")
    assert somebody.number_beside("Overdue") <= before - 2


def fill_visit(somebody: Somebody, pair: list[int]) -> None:
    """The shared part, then a part for each child in their own words."""
    page = somebody.page
    somebody.dates("day", days_ago=0)
    page.fill("[name=time]", "12:01am")
    page.fill("[name=where]", "At home")
    for child, words in zip(pair, ("I scored a goal", "My tooth fell out"), strict=True):
        page.locator(f"[name='child-{child}-seen'][value=yes]").check()
        page.locator(f"[name='child-{child}-seen_alone'][value=yes]").check()
        page.locator(f"[name='child-{child}-bedroom_seen'][value=yes]").check()
        page.fill(f"[name='child-{child}-said']", words)
        page.fill(f"[name='child-{child}-letter']", "Dear you, I came to see you today and we talked. From Asha")


@pytest.mark.proves("E11", "B4")
def test_why_a_visit_is_due_opens_the_counting(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Asha Rahman").follows("Why")
    somebody.sees("working days").is_photographed("why").finds_the_page_sound()
    text = somebody.page.locator("main").inner_text()
    assert re.search(
        r"\d+ (January|February|March|April|May|June|July|August|September|October|November|December)", text
    )


def test_a_child_who_was_not_seen_needs_a_reason_and_the_clock_does_not_move(somebody: Somebody) -> None:
    child = somebody.world.children_of("social_worker")[2]
    somebody.is_signed_in_as("Asha Rahman").opens(f"/children/{child}/")
    before = somebody.page.locator("main table").first.inner_text()
    somebody.opens(f"/visits/new/?child={child}&chosen=yes")
    somebody.dates("day", days_ago=0)
    somebody.page.fill("[name=time]", "12:01am")
    somebody.page.fill("[name=where]", "At home")
    somebody.page.locator(f"[name='child-{child}-seen'][value=no]").check()
    somebody.presses("Save visit")
    somebody.sees("There is a problem", "Say why you did not see").finds_the_page_sound()
    assert somebody.page.input_value("[name=where]") == "At home"
    somebody.page.fill(f"[name='child-{child}-why_not_seen']", "Nobody answered the door")
    somebody.presses("Save visit")
    somebody.opens(f"/children/{child}/")
    assert somebody.page.locator("main table").first.inner_text() == before


@pytest.mark.proves("E10")
def test_every_count_on_today_opens_exactly_the_list_it_counted(somebody: Somebody) -> None:
    for persona in ("Asha Rahman", "Maureen Okafor", "Grace Adeyemi", "Nadia Haddad"):
        somebody.is_signed_in_as(persona)
        counted = somebody.counts()
        assert counted, f"{persona} has no counts"
        for href, number in counted[:8]:
            somebody.opens(href)
            assert somebody.rows_listed() == number, f"{persona}: {href} counted {number}"
        somebody.opens("/").presses("Sign out")
