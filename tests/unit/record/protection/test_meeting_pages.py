"""The pages of a strategy meeting: calling one, writing, adding rows without scripts, closing, drafts, two editors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_worker, allocate, bar, grant, one_family
from tests.unit.record.protection.test_strategy_meeting import REASON, a_meeting, decide_all

from kith.foundation.access.models import Worker
from kith.foundation.drafts.models import Clash, Draft
from kith.foundation.history.models import Opening
from kith.record.meetings.models import Attendance
from kith.record.people.models import Person
from kith.record.promises.models import Promise
from kith.record.protection import actions, queries
from kith.record.steps.models import Part, Step

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()


class Told:
    """A worker at the screen, two children, and a meeting about them."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.worker = a_worker()
        self.leon, self.maya = a_child("Leon", "Hart"), a_child("Maya", "Hart", born_on=TODAY - timedelta(days=900))
        one_family(self.leon, self.maya)
        allocate(self.leon, self.worker)
        client.force_login(self.worker.account)

    def a_meeting(self) -> Step:
        return a_meeting(self.leon, self.maya, by=self.worker)


@pytest.fixture
def told(client: Client) -> Iterator[Told]:
    yield Told(client)


def day(name: str, of: Any = TODAY) -> dict[str, Any]:
    return {f"{name}-day": of.day, f"{name}-month": of.month, f"{name}-year": of.year}


def part_of(step: Step, child: Person) -> Part:
    return Part.objects.get(step=step, person=child)


def posted(step: Step, **more: Any) -> dict[str, Any]:
    """The meeting's form as a browser would post it, nothing decided yet."""
    step.refresh_from_db()
    body: dict[str, Any] = {"version": step.version, "held_time": "", "held_how": "video", "reason": REASON}
    body |= day("held_on") | {"information": "", "promises-TOTAL_FORMS": 2, "promises-INITIAL_FORMS": 0}
    people = sorted(
        Attendance.objects.filter(step=step).order_by("pk"), key=lambda row: (row.agency != "social_care", row.agency)
    )
    body |= {"people-TOTAL_FORMS": len(people) + 1, "people-INITIAL_FORMS": len(people)}
    for number, row in enumerate(people):
        body |= {f"people-{number}-{name}": getattr(row, name) for name in ("agency", "name", "role")}
        body |= {f"people-{number}-row": row.pk, f"people-{number}-came": row.came}
    for part in step.parts.all():
        body[f"child-{part.pk}-rationale"] = ""
    return body | more


def decided(step: Step, outcome: str = "section_47", why: str = "Harm is likely") -> dict[str, Any]:
    return {
        f"child-{part.pk}-{name}": value
        for part in step.parts.all()
        for name, value in (("outcome", outcome), ("rationale", why))
    }


def ids_are_unique(page: str) -> bool:
    outside = re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)
    ids = re.findall(r'\bid="([^"]+)"', outside)
    return len(ids) == len(set(ids))


def test_calling_a_meeting_offers_brothers_and_sisters_and_opens_it(told: Told) -> None:
    address = f"/strategy-meetings/new/?child={told.leon.pk}"
    page = told.client.get(address).content.decode()
    assert "Maya Hart" in page
    assert ids_are_unique(page)
    body = {
        "children": [told.leon.pk, told.maya.pk],
        "reason": REASON,
        "planned_at": "2pm",
        "team": told.worker.posts.first().team_id,
    }
    body |= day("asked_on") | day("planned_on") | {"asked_at": "", "agencies": ["police", "health", "education"]}
    answer = told.client.post(address, body)
    step = Step.objects.get(kind="strategy_meeting")
    assert answer["Location"] == f"/strategy-meetings/{step.pk}/"
    assert {part.person for part in step.parts.all()} == {told.leon, told.maya}
    assert step.attendances.count() == 3
    assert step.opened_at is None  # no time was said, and none is made up
    page = told.client.get(answer["Location"]).content.decode()
    assert "Children&#39;s social care not asked" in page
    assert ids_are_unique(page)


def test_calling_a_meeting_says_what_is_missing_and_loses_nothing(told: Told) -> None:
    address = f"/strategy-meetings/new/?child={told.leon.pk}"
    answer = told.client.post(
        address, {"reason": "Bruises", "planned_at": "5"} | day("asked_on", TODAY + timedelta(days=1))
    )
    page = answer.content.decode()
    assert "There is a problem" in answer.content.decode()
    for said in (
        "Choose at least one child",
        "Choose at least one agency",
        "must be today or before",
        "14:30",
        "Bruises",
    ):
        assert said in page
    assert not Step.objects.exists()


def test_writing_some_of_it_saves_that_and_closing_says_child_by_child_what_is_missing(told: Told) -> None:
    step = told.a_meeting()
    leon = part_of(step, told.leon)
    some = {f"child-{leon.pk}-outcome": "section_47", f"child-{leon.pk}-rationale": "Harm is likely"}
    answer = told.client.post(f"/strategy-meetings/{step.pk}/save/", posted(step, **some, close="yes"))
    page = answer.content.decode()
    assert "There is a problem" in answer.content.decode()
    assert "Maya Hart has no decision; Maya Hart has no reason for the decision" in page
    assert "Leon Hart has no" not in page
    leon.refresh_from_db()
    assert leon.outcome == "section_47"
    assert Step.objects.get(pk=step.pk).done_on is None


def test_closing_with_every_decision_closes_and_the_page_is_then_read(told: Told) -> None:
    step = told.a_meeting()
    answer = told.client.post(f"/strategy-meetings/{step.pk}/save/", posted(step, **decided(step), close="yes"))
    assert answer.status_code == 302
    assert Step.objects.get(pk=step.pk).done_on == TODAY
    page = told.client.get(f"/strategy-meetings/{step.pk}/").content.decode()
    assert "Begin a section 47 enquiry" in page
    assert "Section 47 enquiry: not recorded yet as begun from this meeting" in page
    assert "Save and close" not in page
    assert ids_are_unique(page)
    assert not queries.open_meetings(_viewer(told.worker)).exists()


def _viewer(worker: Worker) -> Any:
    from kith.foundation.access.viewer import viewer_for

    return viewer_for(worker.account)


def test_promises_and_people_are_added_as_rows(told: Told) -> None:
    step = told.a_meeting()
    body = posted(step) | {"people-3-agency": "education", "people-3-name": "Ms Bell", "people-3-came": "came"}
    body |= {"promises-0-child": "all", "promises-0-what": "Medical", "promises-0-owner": "agency:health"}
    body |= {"promises-0-owner_name": "Dr Osei"} | day("promises-0-due_on")
    body |= {"promises-1-child": told.leon.pk, "promises-1-what": "See Leon alone"}
    body |= {"promises-1-owner": f"worker:{told.worker.pk}"} | day("promises-1-due_on")
    assert told.client.post(f"/strategy-meetings/{step.pk}/save/", body).status_code == 302
    assert set(Promise.objects.values_list("person__forename", "what", "owner_name", "owner__name")) == {
        ("Leon", "Medical", "Dr Osei", None),
        ("Maya", "Medical", "Dr Osei", None),
        ("Leon", "See Leon alone", "", "Asha Rahman"),
    }
    school = Attendance.objects.get(step=step, agency="education")
    assert (school.name, school.attended, school.apologies) == ("Ms Bell", True, False)
    page = told.client.get(f"/strategy-meetings/{step.pk}/").content.decode()
    assert page.count("See Leon alone") == 1
    assert "Dr Osei, Health" in page


def test_a_promise_half_written_is_refused_with_each_box_named_and_nothing_is_saved(told: Told) -> None:
    step = told.a_meeting()
    body = posted(step, **decided(step)) | {"promises-0-child": "all", "promises-0-owner": "agency:health"}
    answer = told.client.post(f"/strategy-meetings/{step.pk}/save/", body)
    page = answer.content.decode()
    assert "There is a problem" in answer.content.decode()
    for said in ("Say what will be done", "Name the person who will do it", "Say by when it will be done"):
        assert said in page
    assert "Harm is likely" in page
    assert part_of(step, told.leon).outcome == ""
    assert not Promise.objects.exists()
    assert "Harm is likely" in str(Draft.objects.get().body)  # kept at once, were the tab closed now


def test_a_promise_due_before_the_meeting_undoes_the_whole_save_and_says_so(told: Told) -> None:
    step = told.a_meeting()
    body = posted(step, **decided(step)) | {"promises-0-what": "Ring", "promises-0-owner": f"worker:{told.worker.pk}"}
    body |= {"promises-0-child": "all"} | day("promises-0-due_on", TODAY - timedelta(days=1))
    body |= {"people-3-agency": "education", "people-3-name": "Ms Bell"}
    answer = told.client.post(f"/strategy-meetings/{step.pk}/save/", body)
    assert "There is a problem" in answer.content.decode()
    assert "due before it was promised" in answer.content.decode()
    assert not Attendance.objects.filter(name="Ms Bell").exists()
    assert part_of(step, told.leon).outcome == ""


def test_adding_a_row_without_scripts_keeps_everything_typed(told: Told) -> None:
    step = told.a_meeting()
    body = posted(step, information="Half a sente", more="promises") | {"promises-0-what": "Ring the school"}
    answer = told.client.post(f"/strategy-meetings/{step.pk}/save/", body)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Half a sente" in page
    assert "Ring the school" in page
    assert 'name="promises-2-what"' in page
    assert 'name="promises-TOTAL_FORMS" value="3"' in page
    assert "There is a problem" not in page


def test_somebody_already_asked_is_named_and_marked_on_the_day(told: Told) -> None:
    step = told.a_meeting()
    body = posted(step)
    place = next(number for number in range(3) if body[f"people-{number}-agency"] == "police")
    body |= {f"people-{place}-name": "PC Hall", f"people-{place}-came": "apologies"}
    told.client.post(f"/strategy-meetings/{step.pk}/save/", body)
    police = Attendance.objects.get(step=step, agency="police")
    assert (police.name, police.attended, police.apologies) == ("PC Hall", False, True)


def test_the_second_editor_keeps_both_texts(told: Told) -> None:
    step = told.a_meeting()
    second = posted(step, **decided(step, "no_further_action", "Second thoughts"), information="Second text")
    second |= {
        "promises-0-child": "all",
        "promises-0-what": "Ring",
        "promises-0-owner": f"worker:{told.worker.pk}",
    } | day("promises-0-due_on")
    told.client.post(f"/strategy-meetings/{step.pk}/save/", posted(step, **decided(step), information="First text"))
    answer = told.client.post(f"/strategy-meetings/{step.pk}/save/", second)
    clash = Clash.objects.get()
    assert answer["Location"] == f"/drafts/clash/{clash.pk}/"
    found = queries.meeting(_viewer(told.worker), step.pk)
    assert found.detail.information == "First text"
    assert Promise.objects.count() == 2  # what is new clashes with nothing, and is not lost
    page = told.client.get(answer["Location"]).content.decode()
    for text in ("First text", "Second text", "What was decided for Leon Hart", "Second thoughts", "No further action"):
        assert text in page
    assert "What the worry is" not in page  # the two agree on it
    step.refresh_from_db()
    both = {"keep": "both", "version": step.version}
    joined = {f"answer-{number}": "First text, and second" for number in [_number(page, "First text\n\nSecond text")]}
    assert told.client.post(answer["Location"], both | joined).status_code == 302
    found = queries.meeting(_viewer(told.worker), step.pk)
    assert found.detail.information == "First text, and second"
    assert {part.outcome for part in found.parts} == {"section_47"}  # theirs, where nothing was chosen


def _number(page: str, text: str) -> str:
    found = re.search(rf'<textarea[^>]*name="answer-(\d+)"[^>]*>{re.escape(text)}', page)
    assert found
    return found[1]


def test_keeping_the_second_text_saves_all_of_it(told: Told) -> None:
    step = told.a_meeting()
    second = posted(step, **decided(step, "no_further_action", "Second thoughts"), information="Second text")
    told.client.post(f"/strategy-meetings/{step.pk}/save/", posted(step, **decided(step)))
    where = told.client.post(f"/strategy-meetings/{step.pk}/save/", second)["Location"]
    step.refresh_from_db()
    assert told.client.post(where, {"keep": "mine", "version": step.version}).status_code == 302
    found = queries.meeting(_viewer(told.worker), step.pk)
    assert (found.detail.information, found.step.happened_on) == ("Second text", TODAY)
    assert {part.outcome for part in found.parts} == {"no_further_action"}


def test_unsent_text_fills_the_form_again_and_is_gone_once_saved(told: Told) -> None:
    step = told.a_meeting()
    draft = posted(step, information="Unsent words") | {
        "draft_form": "strategy_meeting",
        "draft_about": f"step:{step.pk}",
    }
    told.client.post("/drafts/", draft)
    page = told.client.get(f"/strategy-meetings/{step.pk}/").content.decode()
    assert "Unsent words" in page
    assert "You have unsent text" in page
    assert "There is a problem" not in page
    told.client.post(f"/strategy-meetings/{step.pk}/save/", posted(step, information="Sent words"))
    assert not Draft.objects.exists()


def test_a_meeting_closed_while_somebody_writes_keeps_their_text(told: Told) -> None:
    step = told.a_meeting()
    mine = posted(step, information="My words")
    actions.close(step=decide_all(step, told.worker), by=told.worker, at=timezone.now())
    answer = told.client.post(f"/strategy-meetings/{step.pk}/save/", mine, follow=True)
    assert "closed while you were writing" in answer.content.decode()
    assert Draft.objects.get().body["information"] == ["My words"]


def test_a_closed_meeting_is_added_to_on_its_page_and_sent_out(told: Told) -> None:
    step = told.a_meeting()
    actions.close(step=decide_all(step, told.worker), by=told.worker, at=timezone.now())
    here = f"/strategy-meetings/{step.pk}/"
    assert "There is a problem" in told.client.post(f"{here}add/", {"words": ""}).content.decode()
    assert told.client.post(f"{here}add/", {"words": "The GP rang", "about": told.maya.pk}).status_code == 302
    assert (
        "There is a problem"
        in told.client.post(f"{here}sent/", day("circulated_on", TODAY + timedelta(days=1))).content.decode()
    )
    assert told.client.post(f"{here}sent/", day("circulated_on")).status_code == 302
    page = told.client.get(here).content.decode()
    assert "The GP rang" in page
    assert "about Maya Hart" in page
    assert "Decisions sent out" in page
    general = told.client.get(f"/work/strategy_meeting/{step.pk}/").content.decode()
    for words in ("The GP rang", "Who was asked, and who came", "Harm is likely"):
        assert words in general


def test_a_meeting_that_did_not_go_ahead_says_why(told: Told) -> None:
    step = told.a_meeting()
    here = f"/strategy-meetings/{step.pk}/"
    assert "There is a problem" in told.client.post(f"{here}not-held/", {"why": ""}).content.decode()
    said = {"why": "The police could not come", "version": step.version}
    assert told.client.post(f"{here}not-held/", said).headers["Location"] == here
    assert "The police could not come" in told.client.get(here).content.decode()
    again = {"why": "Again", "version": step.version + 1}
    assert "There is a problem" in told.client.post(f"{here}not-held/", again).content.decode()


def test_a_role_that_may_not_hold_meetings_reads_and_cannot_write(told: Told, client: Client) -> None:
    step = told.a_meeting()
    auditor = a_worker("Effie Laurent", role="auditor")
    grant(auditor, told.leon, told.maya)
    client.force_login(auditor.account)
    page = client.get(f"/strategy-meetings/{step.pk}/")
    assert page.status_code == 200
    assert "Save and close" not in page.content.decode()
    assert client.post(f"/strategy-meetings/{step.pk}/save/", posted(step)).status_code == 403


def test_a_barred_person_finds_nothing_and_a_half_barred_one_reads_only_their_part(told: Told, client: Client) -> None:
    step = told.a_meeting()
    told.client.post(
        f"/strategy-meetings/{step.pk}/save/", posted(step, **decided(step), information="Of both children")
    )
    relative = a_worker("Farid Khan")
    bar(relative, told.maya)
    client.force_login(relative.account)
    for address in (f"/strategy-meetings/{step.pk}/", f"/work/strategy_meeting/{step.pk}/"):
        page = client.get(address).content.decode()
        assert "Leon Hart" in page
        for kept in ("Maya", "Of both children", "PC Hall", REASON):
            assert kept not in page, (address, kept)
    assert client.post(f"/strategy-meetings/{step.pk}/save/", posted(step)).status_code == 403
    assert "Maya" not in client.get(f"/strategy-meetings/new/?child={told.leon.pk}").content.decode()
    bar(relative, told.leon)
    assert client.get(f"/strategy-meetings/{step.pk}/").status_code == 404
    assert client.get(f"/strategy-meetings/new/?child={told.leon.pk}").status_code == 404


def test_opening_a_meeting_opens_each_childs_record_in_the_history(told: Told) -> None:
    step = told.a_meeting()
    told.client.get(f"/strategy-meetings/{step.pk}/")
    seen = Opening.objects.filter(page="strategy meeting").values_list("person", "relationship")
    assert set(seen) == {(told.leon.pk, "allocated"), (told.maya.pk, "team_duty")}
