"""Finding a person whose name nobody can spell, and the person who must never find a family."""

from __future__ import annotations

import pytest
from tests.journeys.kit import Somebody

SPELT_WRONG = """
from collections import Counter
from kith.record.people.models import Person
found = Person.objects.filter(forename__in=["Mohammed", "Muhammad", "Siobhán", "Siobhan"], is_child=True)
found = found.filter(restrictions=None).order_by("pk")
alike = Counter(surname[:3] for surname in found.values_list("surname", flat=True))
found = min(found, key=lambda each: (alike[each.surname[:3]], each.pk))  # few share the name: it must be near the top
print(json.dumps({"pk": found.pk, "forename": found.forename, "surname": found.surname}))
"""
BARRED = """
from kith.record.people.models import Barring
rows = Barring.objects.filter(worker__account__email="barred@riverside.example").select_related("person")
who = lambda p: {"pk": p.pk, "ref": p.ref.split(":")[1], "forename": p.forename, "surname": p.surname, "name": p.name}
print(json.dumps([who(each.person) for each in rows]))
"""
MISSPELT = {"Mohammed": "Muhamad", "Muhammad": "Mohamed", "Siobhán": "Shivaun", "Siobhan": "Shivawn"}


@pytest.mark.part_of("A10")
def test_a_misspelt_child_is_found_and_her_page_opens(somebody: Somebody) -> None:
    child = somebody.world.ask(SPELT_WRONG)
    somebody.is_signed_in_as("Tomasz Lis").follows("Find a person").finds_the_page_sound()
    somebody.searches(f"{MISSPELT[child['forename']]} {child['surname']}")
    somebody.sees(child["forename"]).is_photographed("search").finds_the_page_sound()
    somebody.clicks(somebody.page.locator(f"main a[href='/children/{child['pk']}/']").first)
    assert child["forename"] in somebody.heading
    somebody.sees("Tomasz Lis")  # who has looked


def test_nobody_of_that_name_is_said_kindly(somebody: Somebody) -> None:
    somebody.is_signed_in_as("Ben Sutton").opens("/people/").searches("Zzyzx Qwertyuiop")
    somebody.finds_the_page_sound()
    assert somebody.page.locator("main a[href^='/children/']").count() == 0


def test_the_barred_person_finds_nothing_anywhere(somebody: Somebody, another: Somebody) -> None:
    family = somebody.world.ask(BARRED)
    assert len(family) >= 2
    somebody.is_signed_in_as("Farid Khan")
    another.is_signed_in_as("Grace Adeyemi")
    nothing = somebody.page.goto("/children/999999999/")
    for child in family:
        for words in (child["name"], child["ref"]):
            somebody.opens("/people/").searches(words)
            assert somebody.page.locator(f"main a[href='/children/{child['pk']}/']").count() == 0
            another.opens("/people/").searches(words)
            assert (
                another.page.locator(f"main a[href='/children/{child['pk']}/']").count() == 1
            )  # it is there to be found
        refused = somebody.page.goto(f"/children/{child['pk']}/")
        assert refused and nothing and refused.status == nothing.status == 404
        for path in (f"/visits/new/?child={child['pk']}", f"/strategy-meetings/new/?child={child['pk']}"):
            answer = somebody.page.goto(path)
            assert answer and answer.status == 404, path
    for path in ("/deadlines/", "/work/visit/", "/promises/", "/"):
        somebody.opens(path)
        for child in family:
            assert f"/children/{child['pk']}/" not in somebody.page.content()
