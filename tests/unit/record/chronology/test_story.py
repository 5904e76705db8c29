"""Writing who I am: each writing is kept, unsent text is kept, and two who write at once lose nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_worker, bar

from kith.foundation.access.models import Worker
from kith.foundation.drafts.actions import keep
from kith.foundation.drafts.models import Clash, Draft
from kith.record.people.actions import StoryChanged, StoryWords, newest_story, write_story
from kith.record.people.models import Person, Story

pytestmark = pytest.mark.usefixtures("record")
WORDS = {"who_i_am": "I like goats", "happening_now": "", "worried_about": "", "going_well": "School"}


def signed_in(worker: Worker) -> Client:
    """A browser in which this worker is signed in."""
    client = Client()
    client.force_login(worker.account)
    return client


def save(client: Client, child: Person, after: int, **words: str) -> Any:
    """Send the form."""
    return client.post(f"/children/{child.pk}/story/", {**WORDS, **words, "after": str(after)})


def test_a_story_is_written_shown_first_and_the_one_before_is_kept() -> None:
    child, worker = a_child(), a_worker("Asha Rahman")
    client = signed_in(worker)
    save(client, child, 0)
    first = newest_story(child)
    assert first is not None and first.recorded_by == worker
    save(client, child, first.pk, who_i_am="I like goats and bikes")
    assert list(Story.objects.order_by("pk").values_list("who_i_am", flat=True)) == [
        "I like goats",
        "I like goats and bikes",
    ]
    said = client.get(f"/children/{child.pk}/").content.decode()
    assert "I like goats and bikes" in said and "by Asha Rahman" in said


def test_an_empty_story_is_refused_and_what_was_typed_stays() -> None:
    child = a_child()
    answer = save(signed_in(a_worker()), child, 0, who_i_am="", going_well="He reads now")
    said = answer.content.decode()
    assert not Story.objects.exists()
    assert "Write who this child is, if only a few words" in said and "He reads now" in said


def test_the_second_writer_is_told_and_both_texts_are_kept() -> None:
    child = a_child()
    one, two = signed_in(a_worker("One")), signed_in(a_worker("Two"))
    save(one, child, 0, who_i_am="Text of the first")
    answer = save(two, child, 0, who_i_am="Text of the second")
    clash = Clash.objects.get()
    assert answer.status_code == 302 and answer.url == f"/drafts/clash/{clash.pk}/"
    assert Story.objects.count() == 1
    both = two.get(answer.url).content.decode()
    assert "Text of the first" in both and "Text of the second" in both
    newest = newest_story(child)
    assert newest is not None
    two.post(answer.url, {"keep": "mine", "version": str(newest.pk)})
    kept = newest_story(child)
    assert kept is not None and kept.who_i_am == "Text of the second"
    assert Story.objects.count() == 2, "the first writing is still there"


def test_writing_after_a_story_that_is_not_the_newest_is_refused_by_the_action_itself() -> None:
    child, worker = a_child(), a_worker()
    today = timezone.localdate()
    write_story(person=child, words=StoryWords("One"), by=worker, on=today, after=0)
    with pytest.raises(StoryChanged):
        write_story(person=child, words=StoryWords("Two"), by=worker, on=today, after=0)


def test_unsent_text_comes_back_and_is_gone_once_saved() -> None:
    child, worker = a_child(), a_worker()
    body = {"who_i_am": ["Half a senten"], "after": ["0"], "going_well": [""]}
    keep(author=worker.pk, form="story", about=str(child.pk), body=body, at=timezone.now())
    client = signed_in(worker)
    shown = client.get(f"/children/{child.pk}/story/").content.decode()
    assert "Half a senten" in shown and "You have unsent text" in shown
    assert "Half a senten" not in signed_in(a_worker("Other")).get(f"/children/{child.pk}/story/").content.decode()
    save(client, child, 0)
    assert not Draft.objects.exists()


def test_a_writer_barred_since_finds_no_name_among_the_drafts() -> None:
    child, worker = a_child("Imran", "Begum"), a_worker()
    body = {"who_i_am": ["Half a senten"], "draft_title": ["The story of Imran Begum"]}
    keep(author=worker.pk, form="story", about=str(child.pk), body=body, at=timezone.now())
    client = signed_in(worker)
    assert "Imran Begum" in client.get("/drafts/").content.decode(), "control: before the barring it is named"
    bar(worker, child)
    assert "Imran Begum" not in client.get("/drafts/").content.decode()


def test_a_barred_worker_neither_reads_nor_writes_it() -> None:
    child, worker = a_child(), a_worker()
    bar(worker, child)
    client = signed_in(worker)
    assert client.get(f"/children/{child.pk}/story/").status_code == 404
    assert save(client, child, 0).status_code == 404
    assert not Story.objects.exists()


def test_a_role_that_may_not_write_is_turned_away() -> None:
    child = a_child()
    assert save(signed_in(a_worker("Auditor", role="auditor")), child, 0).status_code == 403
    assert (
        "Write the story" not in signed_in(a_worker("A", role="auditor")).get(f"/children/{child.pk}/").content.decode()
    )
