"""Unsent text is kept on the server for its author alone, and comes back as it was typed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests import codes
from tests.factories import a_worker, viewer, with_app
from tests.unit.foundation.screens import gallery, reading

from kith.foundation.access.models import Worker
from kith.foundation.access.policy import policy
from kith.foundation.drafts import actions, presenters, queries
from kith.foundation.drafts.models import Draft
from kith.foundation.drafts.posted import LONGEST_KEY, key_for

pytestmark = pytest.mark.urls(gallery.__name__)

NAMED = {"draft_form": gallery.FORM, "draft_about": gallery.ABOUT, "draft_title": "Visit to Ayla Khan"}
TYPED = NAMED | {
    "draft_back": "/gallery/visit/",
    "said": "She likes her new school",
    "on-day": "40",
    "themes": ["school"],
}
JSON = {"Accept": "application/json"}


@pytest.fixture
def worker(record: None) -> Worker:
    return a_worker("Grace Adeyemi")


@pytest.fixture
def grace(worker: Worker, client: Client) -> Client:
    client.force_login(worker.account)
    return client


def body_of(worker: Worker) -> dict[str, list[str]]:
    return Draft.objects.get(author=worker).body


def keep(worker: Worker, form: str = "visit", about: str = "person:1", **body: str) -> Draft:
    posted = {name: [value] for name, value in body.items()}
    return actions.keep(author=worker.pk, form=form, about=about, body=posted, at=timezone.now())


def test_typing_is_kept_and_the_page_is_told_when(grace: Client, worker: Worker) -> None:
    answer = grace.post("/drafts/", TYPED, headers=JSON)
    assert answer.headers["Content-Type"] == "application/json"
    assert json.loads(answer.content)["saved"].endswith(("am", "pm", "midday", "midnight"))
    assert body_of(worker)["said"] == ["She likes her new school"]


def test_keeping_again_replaces_what_was_kept(grace: Client, worker: Worker) -> None:
    grace.post("/drafts/", TYPED, headers=JSON)
    grace.post("/drafts/", TYPED | {"said": "She likes it very much"}, headers=JSON)
    assert body_of(worker)["said"] == ["She likes it very much"]


def test_the_button_works_without_scripts_and_goes_back_to_the_form(grace: Client, worker: Worker) -> None:
    answer = grace.post("/drafts/", TYPED, follow=True)
    assert answer.redirect_chain == [("/gallery/visit/", 302)]
    shown = reading.text_of(answer.content)
    assert "Draft saved at" in shown and "You have unsent text from" in shown


def test_the_form_opens_again_exactly_as_it_was_left(grace: Client) -> None:
    grace.post("/drafts/", TYPED, headers=JSON)
    tree = reading.page(grace.get("/gallery/visit/").content)
    assert tree.xpath("//textarea[@name='said']/text()")[0].strip() == "She likes her new school"
    assert tree.xpath("//input[@name='on-day']/@value") == ["40"]
    assert tree.xpath("//input[@name='themes' and @checked]/@value") == ["school"]
    assert tree.xpath("//*[contains(@class, 'error')]") == []
    assert reading.faults(grace.get("/gallery/visit/").content) == []


def test_the_rows_of_a_form_open_again_too_and_are_not_judged(grace: Client) -> None:
    rows = {"promises-TOTAL_FORMS": 2, "promises-INITIAL_FORMS": 0, "promises-0-what": "Ring the school"}
    rows |= {"promises-1-what": "Ask the health visitor", "promises-1-due-day": "99"}
    grace.post("/drafts/", TYPED | rows, headers=JSON)
    page = grace.get("/gallery/visit/").content
    tree = reading.page(page)
    assert tree.xpath("//div[@id='promises']//input[contains(@name, '-what')]/@value") == [
        "Ring the school",
        "Ask the health visitor",
    ]
    assert tree.xpath("//input[@name='promises-1-due-day']/@value") == ["99"]
    assert tree.xpath("//*[contains(@class, 'error')]") == [] and reading.faults(page) == []


def test_a_draft_outlives_the_session_and_the_server(grace: Client, worker: Worker) -> None:
    grace.post("/drafts/", TYPED, headers=JSON)
    grace.post("/sign-out/")
    refused = grace.post("/drafts/", TYPED | {"said": "typed after the session ended"}, headers=JSON)
    assert refused.status_code == 302 and refused.headers["Location"].startswith("/sign-in/")
    again = Client()
    again.force_login(worker.account)
    assert b"She likes her new school" in again.get("/gallery/visit/").content


def test_an_expired_session_leads_back_to_the_form_with_its_draft(grace: Client, worker: Worker) -> None:
    worker.account.set_password("calm river stones")
    worker.account.save()
    grace.force_login(worker.account)
    grace.post("/drafts/", TYPED, headers=JSON)
    grace.session.flush()
    sent = grace.post("/gallery/visit/?child=1", TYPED)
    assert sent.status_code == 302
    page = reading.page(grace.get(sent.headers["Location"]).content)
    (wanted,) = set(page.xpath("//main//input[@name='next']/@value"))
    signed_in = {"email": worker.account.email, "password": "calm river stones", "next": wanted}
    secret = with_app(worker.account)
    grace.post("/sign-in/", signed_in)
    answer = grace.post("/sign-in/second/", {"code": codes.code(secret)}, follow=True)
    assert answer.redirect_chain == [("/gallery/visit/?child=1", 302)]
    assert b"She likes her new school" in answer.content


def test_saving_the_form_ends_its_draft(grace: Client, worker: Worker) -> None:
    grace.post("/drafts/", TYPED, headers=JSON)
    whole = TYPED | {"on-day": "1", "on-month": "5", "on-year": "2026", "seen": "yes", "where": "home"}
    whole |= {"version": gallery.Saved.version, "promises-TOTAL_FORMS": 0, "promises-INITIAL_FORMS": 0}
    assert grace.post("/gallery/visit/", whole).status_code == 302
    assert Draft.objects.count() == 0


def test_drafts_are_read_by_their_author_alone_whatever_the_role(grace: Client, worker: Worker) -> None:
    kept = keep(worker, form="note", said="for nobody else to read")
    for role in policy().roles:
        other = a_worker(role=role)
        looking = Client()
        looking.force_login(other.account)
        assert queries.draft_of(viewer=viewer(other), form="note", about="person:1") is None
        assert list(queries.drafts_of(viewer=viewer(other))) == []
        assert b"nobody else" not in looking.get("/drafts/").content
        assert looking.post("/drafts/throw-away/", {"draft": kept.pk}).status_code == 404
    assert queries.draft_of(viewer=viewer(worker), form="note", about="person:1") == kept
    assert b"nobody else" in grace.get("/drafts/").content


def test_text_typed_before_another_person_signed_in_is_not_given_to_them(grace: Client, worker: Worker) -> None:
    left_open_by = a_worker("Somebody Earlier")
    answer = grace.post("/drafts/", TYPED | {"draft_author": str(left_open_by.pk)}, headers=JSON)
    assert answer.status_code == 403 and Draft.objects.count() == 0
    assert grace.post("/drafts/", TYPED | {"draft_author": str(worker.pk)}, headers=JSON).status_code == 200
    assert "draft_author" not in body_of(worker)
    page = reading.page(grace.get("/gallery/visit/").content)
    assert page.xpath("//body/@data-worker") == [str(worker.pk)]


def test_two_workers_keep_their_own_drafts_of_one_form(record: None) -> None:
    one, two = a_worker(), a_worker()
    keep(one, said="one")
    keep(two, said="two")
    assert (body_of(one)["said"], body_of(two)["said"]) == (["one"], ["two"])


def test_my_drafts_name_them_show_how_they_begin_and_lead_back(grace: Client) -> None:
    assert "You have no unsent text" in reading.text_of(grace.get("/drafts/").content)
    grace.post("/drafts/", TYPED, headers=JSON)
    page = grace.get("/drafts/")
    assert reading.faults(page.content) == []
    (link,) = reading.page(page.content).xpath("//main//h2/a")
    assert (link.text_content(), link.get("href")) == ("Visit to Ayla Khan", "/gallery/visit/")
    assert "“She likes her new school”" in reading.text_of(page.content)


def test_a_draft_about_somebody_one_has_been_barred_from_since_is_not_named(grace: Client, worker: Worker) -> None:
    grace.post("/drafts/", TYPED | {"draft_about": "person:barred", "draft_title": "Visit to Zebedee"}, headers=JSON)
    grace.post("/drafts/", TYPED, headers=JSON)
    page = grace.get("/drafts/")
    assert b"Zebedee" not in page.content and page.content.count(b"She likes her new school") == 1
    assert "no longer open to you" in reading.text_of(page.content) and reading.faults(page.content) == []


def test_a_draft_is_thrown_away_from_the_list_and_from_its_form(grace: Client, worker: Worker) -> None:
    kept = keep(worker, said="x")
    assert grace.post("/drafts/throw-away/", {"draft": kept.pk}).headers["Location"] == "/drafts/"
    grace.post("/drafts/", TYPED, headers=JSON)
    assert grace.post("/drafts/throw-away/", TYPED).headers["Location"] == "/gallery/visit/"
    assert Draft.objects.count() == 0
    assert grace.get("/drafts/throw-away/").status_code == 405


@pytest.mark.parametrize(
    "wrong", [{}, {"draft_form": "x"}, {"draft_about": "y"}, {"draft_form": "f" * 81, "draft_about": "y"}]
)
def test_a_page_that_does_not_say_what_it_drafts_is_told(grace: Client, wrong: dict[str, str]) -> None:
    assert grace.post("/drafts/", wrong, headers=JSON).status_code == 400
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_the_way_back_is_never_to_another_site(grace: Client, back: str) -> None:
    assert grace.post("/drafts/", TYPED | {"draft_back": back}).headers["Location"] == "/drafts/"
    assert reading.page(grace.get("/drafts/").content).xpath("//main//h2/a") == []


def test_the_token_is_never_kept_and_a_character_no_database_holds_is_left_out(grace: Client, worker: Worker) -> None:
    grace.post("/drafts/", TYPED | {"csrfmiddlewaretoken": "secret", "said": "a\x00b"}, headers=JSON)
    assert "csrfmiddlewaretoken" not in body_of(worker) and body_of(worker)["said"] == ["ab"]


def test_long_references_do_not_run_into_each_other(record: None) -> None:
    worker = a_worker()
    long = "meeting:" + "x" * 100
    keep(worker, about=long + "1", said="one")
    keep(worker, about=long + "2", said="two")
    found: Any = queries.draft_of(viewer=viewer(worker), form="visit", about=long + "1")
    assert found.body["said"] == ["one"] and len(found.about) <= LONGEST_KEY
    assert actions.drop(author=worker.pk, form="visit", about=long + "1") is True
    assert actions.drop(author=worker.pk, form="visit", about=long + "1") is False


@given(st.text(max_size=300))
def test_what_a_draft_is_about_always_fits_its_column(about: str) -> None:
    assert len(key_for(about)) <= LONGEST_KEY
    assert key_for(about) == about.replace("\x00", "") or len(about) > LONGEST_KEY


def test_how_a_draft_begins_is_its_longest_text_cut_at_a_word() -> None:
    draft = Draft(author_id=1, form="visit_note", about="1", saved_at=timezone.now())
    draft.seal({"a": ["short"], "said": ["word " * 60], "draft_title": [""]})
    shown = presenters.kept(draft)
    assert shown.words.endswith("word…") and len(shown.words) <= 120 and shown.title == "Visit note"
