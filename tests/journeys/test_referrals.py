"""A referral and its assessment, recorded and put right in Kith, and told in the census that is built of the record."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.journeys.kit import Somebody
from tests.journeys.test_loading import loads
from tests.unit.oversight.returns.test_child_in_returns import census

HERS = """
from datetime import date
from django.utils import timezone
from kith.foundation.access.models import Worker
from kith.foundation.history.actor import Actor, acting
from kith.record.people.models import Involvement
with acting(Actor(worker=None, role="system", purpose="A journey")):
    asha = Worker.objects.get(name="Asha Rahman")
    Involvement.objects.create(
        ref="involvement:journey2", person_id={child}, worker=asha, team=asha.posts.first().team,
        role="Allocated social worker", started_on=date(2026, 1, 5), recorded_at=timezone.now(),
    )
print(json.dumps(True))
"""
REFERRAL = """
from kith.record.steps.models import Step
print(json.dumps(Step.objects.get(kind="referral", parts__person_id={child}).pk))
"""
CENSUS = """
from pathlib import Path
from tempfile import TemporaryDirectory
from django.utils import timezone
from kith.record.extracting.extract import extract_of
from kith.statutory.returns.cin_census.validity import faults_of_form
from kith.statutory.returns.cin_census.writer import Source, write_census
with TemporaryDirectory() as folder:
    file, on = Path(folder) / "census.xml", timezone.localdate()
    year = on.year + ((on.month, on.day) > (3, 31))
    write_census(extract_of([{child}], on=on).dataset, file, year=year, source=Source("999", timezone.localtime()))
    print(json.dumps([file.read_text("utf-8"), [str(each) for each in faults_of_form(file, year=year)]]))
"""
LATE = "An assessment does not start before its referral."


@pytest.mark.part_of("B1", "E9")
def test_a_referral_is_taken_and_assessed_here_and_both_are_in_the_census(
    somebody: Somebody, another: Somebody, tmp_path: Path
) -> None:
    somebody.is_signed_in_as("Sam Wren")
    loads(somebody, [census(tmp_path, JOURNEY2={"began": date.today() - timedelta(days=40)})])
    [child] = somebody.world.numbers_of(["JOURNEY2"])
    somebody.world.ask(HERS.format(child=child))
    another.is_signed_in_as("Asha Rahman").opens(f"/returns/children/{child}/").sees(LATE)
    another.is_photographed("child-returns-box").finds_the_page_sound()
    another.clicks(another.page.get_by_role("link", name=re.compile(f"Put it right.*{LATE[:30]}")).first)
    assert another.page.url.endswith("/change/#id_opened-day")
    another.page.get_by_label("No further action").check()
    another.page.locator("[name=child_seen][value=yes]").check()
    another.page.locator("[name=factors][value='21']").check()
    another.dates("opened", days_ago=29).presses("Save changes").sees("No factors identified")
    another.opens(f"/returns/children/{child}/").does_not_see(LATE)
    puts_right_who_she_is(another, child)
    closes_the_first(another, child)
    takes_a_referral(another, child)
    another.follows("Change this record").is_photographed("referral-form").finds_the_page_sound()
    assesses(another, child)
    somebody.is_signed_in_as("Maureen Okafor").opens(another.page.url)
    somebody.page.get_by_label("Sign it off").check()
    somebody.presses("Save").sees("Signed off").finds_the_page_sound()
    text, faults = somebody.world.ask(CENSUS.format(child=child))
    for told in (
        "ReferralSource>2A<",
        "PrimaryNeedCode>N4<",
        "ReasonForClosure>RC8<",
        "AssessmentFactors>4B<",
        "Disability>LD<",
    ):
        assert told in text, told
    assert faults == []


def puts_right_who_she_is(worker: Somebody, child: int) -> None:
    """What the census asks of the child herself, from the sentence to its box."""
    lacks = "A born child whose referral went on has a disability code"
    worker.opens(f"/returns/children/{child}/").sees(lacks)
    worker.clicks(worker.page.get_by_role("link", name=re.compile(f"Put it right.*{lacks[:30]}")).first)
    assert worker.page.url.endswith(f"/people/{child}/details/#id_disabilities")
    worker.is_photographed("personal-details").finds_the_page_sound()
    worker.page.locator("[name=disabilities][value=NONE]").check()
    worker.page.locator("[name=disabilities][value=LD]").check()
    worker.presses("Save changes").sees("“No disability” stands alone").finds_the_page_sound()
    worker.page.locator("[name=disabilities][value=NONE]").uncheck()
    worker.presses("Save changes").sees("Disability: learning").finds_the_page_sound()
    worker.opens(f"/returns/children/{child}/").does_not_see(lacks)


def closes_the_first(worker: Somebody, child: int) -> None:
    """The loaded referral is closed with its reason."""
    first = worker.world.ask(REFERRAL.format(child=child))
    worker.opens(f"/work/referral/{first}/").follows("Change this record").dates("done", days_ago=29).dates(
        "closed", days_ago=5
    )
    worker.page.get_by_label("Closed after assessment, no further action").check()
    worker.presses("Save changes").sees("Closed after assessment, no further action").finds_the_page_sound()


def takes_a_referral(worker: Somebody, child: int) -> None:
    """A new referral, which is refused until it says who made it."""
    worker.opens(f"/record-work/?child={child}")
    worker.page.locator("summary", has_text="Contacts, referrals and assessments").click()
    worker.clicks(worker.page.locator("a[href^='/record-work/referral/new/']"))
    worker.dates("opened", days_ago=3).dates("done", days_ago=2)
    worker.page.get_by_label("Accepted").check()
    worker.presses("Save").sees("Answer: Who made the referral?", "Answer: What is the main need?")
    worker.finds_the_page_sound().page.select_option("[name=source]", "2A")
    worker.page.locator("[name=need][value=N4]").check()
    worker.presses("Save").sees("A school", "Family in acute stress").finds_the_page_sound()


def assesses(worker: Somebody, child: int) -> None:
    """An assessment is sent for sign-off once it says what it found."""
    worker.opens(f"/record-work/assessment/new/?child={child}").dates("opened", days_ago=2).presses("Save")
    worker.presses("Send for sign-off").sees("“What was found” is not said")
    worker.follows("Change this record")
    worker.page.get_by_label("Help goes on").check()
    worker.page.locator("[name=child_seen][value=yes]").check()
    worker.page.locator("[name=factors][value='4B']").check()
    worker.is_photographed("assessment-form").finds_the_page_sound()
    worker.presses("Save changes").presses("Send for sign-off").sees("Waiting for sign-off").finds_the_page_sound()
