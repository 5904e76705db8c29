"""What was known when: the child's page as anybody would have seen it on a day, and who has looked since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.journeys.kit import Somebody

# A child whom a load of a month ago brought, held by the persona's team and allocated to her.
BROUGHT = """
from datetime import timedelta
from django.utils import timezone
from kith.foundation.access.models import Account
from kith.foundation.history.actor import Actor, acting
from kith.record.people.models import Involvement, Person, Story
asha = Account.objects.get(email="social_worker@riverside.example").worker
then = timezone.now() - timedelta(days=30)
with acting(Actor(worker=None, role="system", purpose="load", bulk=True)):
    said = {"recorded_at": then}
    child = Person.objects.create(ref="person:known-then", forename="Solomon", surname="Achterberg",
        born_on=(then - timedelta(days=3650)).date(), **said)
    Involvement.objects.create(ref="involvement:known-then", person=child, worker=asha, team=asha.posts.first().team,
        role="Allocated social worker", started_on=then.date(), **said)
    Story.objects.create(ref="story:known-then", person=child, written_on=then.date(), who_i_am="I like trains.",
        **said)
print(json.dumps(child.pk))
"""


@pytest.mark.part_of("E26")
def test_the_page_says_what_was_known_on_a_day_and_not_what_was_learnt_since(
    somebody: Somebody, another: Somebody
) -> None:
    child = somebody.world.ask(BROUGHT)
    somebody.is_signed_in_as("Asha Rahman").opens(f"/children/{child}/story/")
    somebody.page.get_by_label("Who I am", exact=True).fill("I like boats now.")
    somebody.presses("Save").sees("I like boats now.").does_not_see("I like trains.")
    somebody.follows("This page as it was known on another day").finds_the_page_sound()
    somebody.dates("on", days_ago=1).presses("Look at this day")
    yesterday = timezone.localdate() - timedelta(days=1)
    somebody.sees("This is the record as it was known at the end of", f"{yesterday:%B %Y}", "I like trains.")
    somebody.does_not_see("I like boats now.").is_photographed("as-known").finds_the_page_sound()
    somebody.dates("on", days_ago=0).presses("Look at this day").sees("I like boats now.")
    somebody.dates("on", days_ago=60).presses("Look at this day").sees("Nothing was recorded of this child until after")
    somebody.dates("on", days_ago=-3).presses("Look at this day").sees("must be today or before")
    somebody.finds_the_page_sound()

    another.is_signed_in_as("Maureen Okafor").opens(f"/children/{child}/").sees("Solomon Achterberg")
    somebody.opens("/").follows("Who has opened the records of my children").sees(
        "Maureen Okafor", "Solomon Achterberg"
    )
    somebody.is_photographed("looked-at-mine").finds_the_page_sound()
    somebody.opens(f"/children/{child}/looked/").sees("Maureen Okafor").is_photographed("looked").finds_the_page_sound()
