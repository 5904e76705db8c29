"""Who is known but not open to a worker, and the emergency in which the record opens all the same."""

from __future__ import annotations

import pytest
from tests.journeys.kit import Somebody

OF_ANOTHER_TEAM = """
from kith.record.people.models import Involvement, Relationship, FamilyMember
from kith.foundation.access.models import Worker
asha = Worker.objects.get(account__email="social_worker@riverside.example")
ours = Involvement.objects.filter(team__in=asha.posts.values("team")).values("person_id")
theirs = Involvement.objects.filter(ended_on=None, role__istartswith="allocated", person__restrictions=None)
theirs = theirs.exclude(person_id__in=ours).exclude(worker=None).select_related("person", "worker", "team")
theirs = theirs.filter(team__name="Assessment North", person__barrings=None).order_by("-person_id")
found = next(each for each in theirs if each.person.forename)
who = {"pk": found.person_id, "name": found.person.name, "worker": found.worker.name, "team": found.team.name}
print(json.dumps(who | {"born": str(found.person.born_on or "")}))
"""
WHY = "Her school rings at six in the evening: nobody has come for her."


@pytest.mark.part_of("A10")
def test_a_child_of_another_team_is_known_and_not_open(somebody: Somebody) -> None:
    child = somebody.world.ask(OF_ANOTHER_TEAM)
    somebody.is_signed_in_as("Asha Rahman").opens("/people/").searches(child["name"])
    line = somebody.page.locator(".kith-found__item", has_text=child["worker"]).first
    said = line.inner_text()
    assert child["team"] in said and "Known to children’s services" in said
    assert line.locator("a[href^='/children/']").count() == 0
    refused = somebody.page.goto(f"/children/{child['pk']}/")
    nothing = somebody.page.goto("/children/999999999/")
    assert refused and nothing and refused.status == nothing.status == 404
    somebody.opens("/people/").searches(child["name"])
    somebody.is_photographed("known-not-open").finds_the_page_sound(expected_errors=2)


def test_in_an_emergency_it_opens_for_an_hour_and_the_manager_looks_at_it(
    somebody: Somebody, another: Somebody
) -> None:
    child = somebody.world.ask(OF_ANOTHER_TEAM)
    somebody.is_signed_in_as("Asha Rahman").opens(f"/emergency/{child['pk']}/")
    somebody.sees("60 minutes", "Your manager is told now").is_photographed("emergency").finds_the_page_sound()
    somebody.presses("Open the record").sees("Say why this cannot wait").finds_the_page_sound()
    somebody.page.fill("[name=reason]", WHY)
    somebody.presses("Open the record").sees("Opened in an emergency", child["name"])
    somebody.is_photographed("emergency-open").finds_the_page_sound()
    somebody.opens(f"/children/{child['pk']}/record/").sees("Opened in an emergency")
    another.is_signed_in_as("Maureen Okafor").sees("Records opened in an emergency")
    another.is_photographed("emergency-today").follows("Asha Rahman").sees(WHY, "the full record")
    another.is_photographed("emergency-look").finds_the_page_sound()
    another.page.get_by_label("It was right to open it").check()
    another.presses("Keep what I found").sees("Nothing waits for you to look at.").finds_the_page_sound()
