"""Where a shielded child lives is nowhere for the one who may not know it; an adoption is sealed, and opened by two."""

from __future__ import annotations

from typing import Any

import pytest
from tests.journeys.kit import Somebody

REVIEWED = """
from kith.record.people.models import Address, Involvement, Restriction
shielded = Restriction.objects.filter(level="R2", ended_on=None).values("person_id")
officer = {"worker__account__email": "reviewing_officer@riverside.example", "ended_on": None}
mine = Involvement.objects.filter(person_id__in=shielded, **officer).values("person_id")
now = Address.objects.filter(person_id__in=mine, ended_on=None).exclude(postcode="")
lived = now.order_by("person_id", "-started_on", "pk").first()
who = {"pk": lived.person_id, "name": lived.person.name}
print(json.dumps(who | {"street": lived.lines.split(", ")[1], "postcode": lived.postcode}))
"""
WAITING = """
from kith.record.people.models import Involvement
rows = Involvement.objects.filter(worker__account__email="adoption_officer@riverside.example", ended_on=None)
child = rows.select_related("person").order_by("pk").first().person
print(json.dumps({"pk": child.pk, "name": child.name}))
"""


def spaced(postcode: str) -> str:
    whole = postcode.replace(" ", "")
    return f"{whole[:-3]} {whole[-3:]}"


def test_a_shielded_address_is_withheld_from_the_reviewing_officer_and_not_from_her_chain(
    somebody: Somebody, another: Somebody
) -> None:
    child: dict[str, Any] = somebody.world.ask(REVIEWED)
    somebody.is_signed_in_as("Dev Patel").opens(f"/children/{child['pk']}/")
    somebody.sees(child["name"], "Address withheld", "Where they live is shielded")
    somebody.does_not_see(child["street"], spaced(child["postcode"]), child["postcode"])
    somebody.finds_the_page_sound().is_photographed("shielded")
    for path in ("record", "print"):
        somebody.opens(f"/children/{child['pk']}/{path}/").does_not_see(child["street"], spaced(child["postcode"]))
    somebody.opens("/people/").searches(spaced(child["postcode"]))
    assert somebody.page.locator(f"main a[href='/children/{child['pk']}/']").count() == 0
    another.is_signed_in_as("Grace Adeyemi").opens(f"/children/{child['pk']}/")
    another.sees(child["street"], spaced(child["postcode"])).follows("Restrictions on this record")
    another.sees("Shielded: the record is found", child["street"])
    another.finds_the_page_sound().is_photographed("restrictions")


@pytest.mark.part_of("D26")
def test_an_adoption_is_sealed_by_one_and_opened_by_two(somebody: Somebody, another: Somebody) -> None:
    child: dict[str, Any] = somebody.world.ask(WAITING)
    somebody.is_signed_in_as("Ines Duarte").opens(f"/children/{child['pk']}/").follows("Record an adoption order")
    somebody.finds_the_page_sound().is_photographed("adoption-order")
    somebody.page.get_by_label("Forename after the order").fill("Robin")
    somebody.page.get_by_label("Surname after the order").fill("Fairweather-Vale")
    somebody.dates("ordered_on", days_ago=1)
    somebody.page.get_by_label("The order has been made").check()
    somebody.presses("Record the order and seal this record").sees("Keep this reference in the adoption file")
    reference = somebody.main.split("adoption file: ")[1][:12]
    gone = somebody.page.goto(f"/children/{child['pk']}/")
    assert gone and gone.status == 404
    somebody.opens("/people/").searches("Robin Fairweather-Vale").sees("Robin Fairweather-Vale")
    somebody.does_not_see(child["name"])
    somebody.opens("/people/").searches(child["name"])
    assert somebody.page.locator(f"main a[href='/children/{child['pk']}/']").count() == 0
    somebody.opens(f"/adoption/links/{reference}/")
    somebody.page.get_by_label("Why must it be opened?").fill("She has asked for her birth name, and was counselled.")
    somebody.presses("Ask").sees("Another adoption officer has to answer")
    another.is_signed_in_as("Ruth Calder").opens("/adoption/").follows(reference).finds_the_page_sound()
    another.page.get_by_label("Open it, with me, for an hour").check()
    another.presses("Answer").presses("Look at the link").sees(child["name"], "Robin Fairweather-Vale")
    another.finds_the_page_sound().is_photographed("adoption-link")
    somebody.opens(f"/adoption/links/{reference}/").presses("Look at the link").sees(child["name"])
