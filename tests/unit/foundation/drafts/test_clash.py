"""Two people save one record: the second is told, both texts are kept, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import a_worker, viewer
from tests.unit.foundation.screens import gallery, reading
from tests.unit.foundation.screens.gallery import Saved

from kith.foundation.access.models import Worker
from kith.foundation.drafts import actions, registry
from kith.foundation.drafts.models import Clash, Draft
from kith.foundation.drafts.presenters import Pair, pairs
from kith.foundation.history.models import Change

pytestmark = pytest.mark.urls(gallery.__name__)

FIRST, SECOND = "I like my new school.", "I have a friend called Sam."


@pytest.fixture(autouse=True)
def _saved() -> Iterator[None]:
    Saved.version, Saved.values = 2, {"said": FIRST, "where": "home"}
    yield
    Saved.version, Saved.values = 1, {"said": FIRST, "where": "home"}


@pytest.fixture
def worker(record: None) -> Worker:
    return a_worker("Grace Adeyemi")


@pytest.fixture
def grace(worker: Worker, client: Client) -> Client:
    client.force_login(worker.account)
    return client


def sends(client: Client, *, version: int, said: str = SECOND, where: str = "school") -> Any:
    """Grace sends the form that she opened at `version`."""
    typed = {"draft_form": gallery.FORM, "draft_about": gallery.ABOUT, "said": said, "where": where, "version": version}
    typed |= {"on-day": "1", "on-month": "5", "on-year": "2026", "seen": "yes", "themes": ["school"]}
    client.post("/drafts/", typed, headers={"Accept": "application/json"})
    return client.post("/gallery/visit/", typed | {"promises-TOTAL_FORMS": 0, "promises-INITIAL_FORMS": 0})


def chooses(client: Client, keep: str, version: int = 2, **answers: str) -> Any:
    posted = {"keep": keep, "version": version} | {name.replace("_", "-"): value for name, value in answers.items()}
    return client.post(f"/drafts/clash/{Clash.objects.get().pk}/", posted)


def test_saving_what_nobody_else_has_saved_meets_nothing(grace: Client) -> None:
    assert sends(grace, version=2).headers["Location"] == "/gallery/visit/"
    assert Saved.values["said"] == SECOND and Clash.objects.count() == 0


def test_the_second_text_is_kept_and_the_first_still_stands(grace: Client, worker: Worker) -> None:
    answer = sends(grace, version=1)
    clash = Clash.objects.get()
    assert answer.headers["Location"] == f"/drafts/clash/{clash.pk}/"
    assert Saved.values["said"] == FIRST
    assert (clash.author, clash.written_against, clash.found) == (worker, 1, 2)
    assert clash.body["said"] == [SECOND] and Draft.objects.count() == 0
    assert Change.objects.filter(table="drafts_clash", act="added").count() == 1


def test_both_texts_are_shown_side_by_side_and_only_where_they_differ(grace: Client) -> None:
    sends(grace, version=1, where="home")
    page = grace.get(f"/drafts/clash/{Clash.objects.get().pk}/")
    shown = reading.text_of(page.content)
    assert FIRST in shown and SECOND in shown and "Saved now, by Tom Whitlock" in shown
    assert "The second text, by Grace Adeyemi" in shown and "At home" not in shown
    assert reading.faults(page.content) == []


def test_codes_are_shown_in_words(grace: Client) -> None:
    sends(grace, version=1, where="school")
    shown = reading.text_of(grace.get(f"/drafts/clash/{Clash.objects.get().pk}/").content)
    assert "At home" in shown and "At school" in shown


@pytest.mark.parametrize(
    ("keep", "answers", "said", "where"),
    [
        ("theirs", {}, FIRST, "home"),
        ("mine", {}, SECOND, "school"),
        ("both", {"answer_0": f"{FIRST} {SECOND}", "answer_1": "mine"}, f"{FIRST} {SECOND}", "school"),
        ("both", {"answer_0": "as edited", "answer_1": "theirs"}, "as edited", "home"),
    ],
)
def test_what_is_chosen_stands_and_the_other_stays_in_the_history(
    grace: Client, worker: Worker, keep: str, answers: dict[str, str], said: str, where: str
) -> None:
    sends(grace, version=1)
    assert chooses(grace, keep, **answers).headers["Location"] == "/gallery/visit/"
    clash = Clash.objects.get()
    assert Saved.values == {"said": said, "where": where}
    assert (clash.kept, clash.settled_by, clash.body["said"]) == (keep, worker, [SECOND])
    shown = reading.text_of(grace.get(f"/drafts/clash/{clash.pk}/").content)
    assert "Grace Adeyemi settled this" in shown
    assert (SECOND in shown) or said == SECOND


def test_what_no_database_keeps_in_a_text_is_left_out_of_what_is_put_together(grace: Client) -> None:
    sends(grace, version=1)
    assert chooses(grace, "both", answer_0="as\x00 edited", answer_1="mine").status_code == 302
    assert Saved.values["said"] == "as edited"


def test_a_third_save_while_choosing_is_not_overwritten(grace: Client) -> None:
    sends(grace, version=1)
    Saved.version, Saved.values = 3, {"said": "A third text.", "where": "home"}
    answer = chooses(grace, "both", answer_0="put together before the third", answer_1="mine")
    shown = reading.text_of(answer.content)
    assert "saved this again while you were choosing" in shown and "A third text." in shown
    assert "put together before the third" in shown
    assert Saved.values["said"] == "A third text." and Clash.objects.get().settled_at is None
    assert chooses(grace, "mine", version=3).status_code == 302 and Saved.values["said"] == SECOND


def test_what_cannot_be_saved_is_said_and_the_clash_stays_open(grace: Client) -> None:
    sends(grace, version=1)
    answer = chooses(grace, "both", answer_0="forbidden words", answer_1="mine")
    assert "That cannot be saved." in reading.text_of(answer.content) and reading.faults(answer.content) == []
    assert b"forbidden words" in answer.content and Clash.objects.get().settled_at is None


def test_choosing_nothing_is_told_and_settling_twice_changes_nothing(grace: Client) -> None:
    sends(grace, version=1)
    assert "Choose which text to keep" in reading.text_of(chooses(grace, "").content)
    chooses(grace, "theirs")
    assert chooses(grace, "mine").status_code == 200
    assert Saved.values["said"] == FIRST and Clash.objects.get().kept == "theirs"


def test_an_unsettled_clash_waits_among_its_authors_drafts(grace: Client, worker: Worker) -> None:
    sends(grace, version=1)
    page = grace.get("/drafts/")
    assert "Visit to Ayla Khan" in reading.text_of(page.content) and reading.faults(page.content) == []
    chooses(grace, "mine")
    assert "Visit to Ayla Khan" not in reading.text_of(grace.get("/drafts/").content)


@pytest.mark.parametrize(
    ("role", "status"), [("social_worker", 404), ("auditor", 404), ("data_officer", 404), ("team_manager", 200)]
)
def test_another_may_read_a_clash_only_where_they_sign_work_off(grace: Client, role: str, status: int) -> None:
    sends(grace, version=1)
    other = Client()
    other.force_login(a_worker(role=role).account)
    address = f"/drafts/clash/{Clash.objects.get().pk}/"
    assert other.get(address).status_code == status
    assert other.post(address, {"keep": "mine", "version": 2}).status_code == (302 if status == 200 else 404)


def test_a_clash_over_a_record_one_may_not_see_is_not_there(grace: Client, worker: Worker) -> None:
    clash = actions.check_version(
        viewer=viewer(worker),
        form=gallery.FORM,
        about="person:hidden",
        posted_version=1,
        current_version=2,
        body={"said": ["x"]},
        at=timezone.now(),
    )
    assert clash is not None and grace.get(f"/drafts/clash/{clash.pk}/").status_code == 404
    assert grace.get("/drafts/clash/999999/").status_code == 404


def test_a_form_that_never_registered_is_found_out_where_it_is_written(worker: Worker) -> None:
    with pytest.raises(LookupError, match="registered"):
        actions.check_version(
            viewer=viewer(worker),
            form="nobody-knows",
            about="x",
            posted_version=1,
            current_version=2,
            body={},
            at=timezone.now(),
        )


@given(theirs=st.text(), mine=st.text())
def test_putting_both_together_loses_neither(theirs: str, mine: str) -> None:
    pair = Pair(0, registry.Answer("said", "Said", theirs, long=True), theirs, mine)
    for text in (theirs, mine):
        assert text.replace("\r\n", "\n").strip() in pair.joined


def test_line_endings_and_outer_spaces_are_not_a_difference() -> None:
    answer = registry.Answer("said", "Said", "one\ntwo")
    assert not Pair(0, answer, "one\ntwo", "one\r\ntwo ").differs
    assert Pair(0, answer, "one\ntwo", "one two").differs


def test_a_question_that_the_second_form_did_not_ask_stays_as_it_is() -> None:
    current = registry.Current(1, (registry.Answer("said", "Said", "kept"),), "/")
    assert not pairs(current=current, mine=registry.first_values(dict(QueryDict("where=x").lists())))[0].differs
