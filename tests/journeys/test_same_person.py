"""Two records of one child: found alike when somebody adds her, set side by side, joined by two people, and parted."""

from __future__ import annotations

import pytest
from tests.journeys.kit import Somebody

LOOK = """
from datetime import date
from kith.record.duplicates import actions
from kith.record.duplicates.models import Likely
print(json.dumps(Likely.objects.count() or actions.find_all(on=date.today())))
"""
PAIR = """
from kith.record.duplicates.models import Likely
from kith.record.people.models import Person
refs = {refs}
rows = Likely.objects.select_related("one", "other").order_by("pk")
found = [row for row in rows if [row.one.ref, row.other.ref] in refs or [row.other.ref, row.one.ref] in refs]
open_to_all = [row for row in found if not row.one.restrictions.exists() and not row.other.restrictions.exists()]
row = open_to_all[0]
who = lambda p: {{"pk": p.pk, "name": p.name, "forename": p.forename, "surname": p.surname, "born": str(p.born_on)}}
print(json.dumps([who(row.one), who(row.other)]))
"""


@pytest.fixture
def pair(somebody: Somebody) -> list[dict[str, str]]:
    """The job has looked; a planted pair that nothing restricts."""
    somebody.world.ask(LOOK)
    planted = somebody.world.planted["planted"]
    pairs = [each for each in planted if each["expect"] == "a likely duplicate"]
    refs = [[f"person:{each['person_id']}", f"person:{each['id']}"] for each in pairs]
    found: list[dict[str, str]] = somebody.world.ask(PAIR.format(refs=refs))
    return found


def test_two_records_are_joined_by_two_people_read_as_one_and_parted(
    somebody: Somebody, another: Somebody, pair: list[dict[str, str]]
) -> None:
    one, other = pair
    somebody.is_signed_in_as("Tomasz Lis").opens("/duplicates/").finds_the_page_sound()
    somebody.opens(f"/duplicates/{one['pk']}/{other['pk']}/").sees("Are these one person?", "The same")
    somebody.is_photographed("duplicates").finds_the_page_sound()
    somebody.page.get_by_label("left record", exact=False).check()
    somebody.page.get_by_label("Why do you think", exact=False).fill("The same school, and the same mother came.")
    somebody.presses("Propose that they are one person").sees("somebody else must agree").finds_the_page_sound()
    assert not somebody.page.get_by_role("button", name="Agree").count()
    link = somebody.page.url
    another.is_signed_in_as("Data officer").opens("/duplicates/").sees("Waiting for a second person")
    another.opens(link).sees("The same school").presses("Agree: they are one person")
    another.sees("The two records are read as one").finds_the_page_sound()
    another.opens(f"/people/?q={other['forename']} {other['surname']}").sees(one["name"])
    another.opens(link)
    another.page.get_by_label("Why are they two people?").fill("The school has two children of this name.")
    another.presses("Part the two records").sees("each as it was", "Parted by")


def test_somebody_added_who_looks_like_one_who_is_here_is_shown_her_first(
    somebody: Somebody, pair: list[dict[str, str]]
) -> None:
    one, _ = pair
    year, month, day = one["born"].split("-")
    somebody.is_signed_in_as("Asha Rahman").opens(f"/people/?q={one['forename']} {one['surname']}")
    somebody.follows("add a person").finds_the_page_sound()
    somebody.page.get_by_label("A child, born or expected").check()
    somebody.page.fill("[name=forename]", one["forename"])
    somebody.page.fill("[name=surname]", one["surname"])
    for part, value in {"day": day, "month": month, "year": year}.items():
        somebody.page.fill(f"[name='born_on-{part}']", value)
    somebody.presses("Continue").sees("Is this one of these people?", one["name"], "same date of birth")
    somebody.is_photographed("looks-like").finds_the_page_sound()
    somebody.presses("None of these: add a new person").sees("is added")
