"""Before a sensitive act: the proof must be fresh, nothing that was sent is lost, and only the right proof will do."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests import codes
from tests.factories import PASSWORD, a_worker, with_app
from tests.unit.foundation.screens import reading

from kith.foundation.access.models import Worker
from kith.foundation.access.proof import FRESH

pytestmark = pytest.mark.urls("tests.unit.foundation.accounts.stepped")
TEXT = "\n  A first line that is empty, and spaces.\nThen “quotes” & <tags>"


@pytest.fixture
def worker(record: None, client: Client) -> Worker:
    worker = a_worker()
    worker.account.set_password(PASSWORD)
    worker.account.save()
    worker.secret = with_app(worker.account)
    client.force_login(worker.account)
    return worker


def proof_of(worker: Worker) -> dict[str, str]:
    return {"password": PASSWORD, "code": codes.code(worker.secret)}  # type: ignore[attr-defined]


def proved(client: Client, *, ago: timedelta, how: str = "password and code") -> None:
    session = client.session
    session["proof"] = {"how": how, "at": (timezone.now() - ago).isoformat()}
    session.save()


def test_a_fresh_proof_lets_the_act_through(worker: Worker, client: Client) -> None:
    proved(client, ago=FRESH - timedelta(seconds=20))
    assert client.post("/grave/", {"a": "1"}).json() == {"sent": {"a": ["1"]}}


def test_an_old_proof_or_one_from_the_future_is_asked_for_again_and_the_way_back_is_kept(
    worker: Worker, client: Client
) -> None:
    for ago in (FRESH + timedelta(seconds=1), timedelta(minutes=-1)):
        proved(client, ago=ago)
        asked = client.get("/grave/?q=1")
        assert asked.headers["Location"] == "/sign-in/again/?next=%2Fgrave%2F%3Fq%3D1"
    page = client.get(asked.headers["Location"])
    assert reading.faults(page.content) == []
    answer = client.post("/sign-in/again/", proof_of(worker) | {"next": "/grave/?q=1"})
    assert answer.headers["Location"] == "/grave/?q=1" and client.get("/grave/?q=1").status_code == 200


def test_what_was_sent_is_held_and_goes_on_its_way_whole(worker: Worker, client: Client) -> None:
    proved(client, ago=FRESH * 2)
    client.post("/grave/?q=1", {"text": TEXT, "many": ["a", "b"], "csrfmiddlewaretoken": "old"})
    assert "quotes" not in json.dumps(dict(client.session.items())), "it lies sealed"
    sent_on = client.post("/sign-in/again/", proof_of(worker) | {"next": "/grave/"})
    assert sent_on.headers["Location"] == "/sign-in/again/send/"
    page = client.get("/sign-in/again/send/")
    assert reading.faults(page.content) == []
    (form,) = reading.page(page.content).xpath("//main//form")
    kept = [(each.get("name"), each.get("value")) for each in form.xpath(".//input[@type='hidden']")]
    assert [name for name, _ in kept if name != "csrfmiddlewaretoken"] == ["text", "many", "many"]
    typed = {"text": dict(kept)["text"], "many": [value for name, value in kept if name == "many"]}
    assert client.post(form.get("action"), typed).json()["sent"] == {"text": [TEXT], "many": ["a", "b"]}
    assert client.get("/sign-in/again/send/").status_code == 302, "it is sent only once"


def test_nothing_happens_without_the_right_password_and_the_right_code(worker: Worker, client: Client) -> None:
    proved(client, ago=FRESH * 2)
    wrong = client.post("/sign-in/again/", proof_of(worker) | {"password": "not it"})
    assert "The password is not right" in reading.text_of(wrong.content)
    wrong = client.post("/sign-in/again/", {"password": PASSWORD, "code": "000000"})
    assert "That code is not right" in reading.text_of(wrong.content)
    empty = client.post("/sign-in/again/", {"next": "/grave/"})
    assert "Enter your password" in reading.text_of(empty.content)
    assert client.get("/grave/").status_code == 302


def test_the_session_changes_its_name_when_the_proof_is_given_again(worker: Worker, client: Client) -> None:
    proved(client, ago=FRESH * 2)
    before = client.session.session_key
    client.post("/sign-in/again/", proof_of(worker))
    assert client.session.session_key != before
    client.cookies[settings.SESSION_COOKIE_NAME] = str(before)
    assert client.get("/drafts/").status_code == 302


def test_somebody_invented_confirms_with_one_click_and_nobody_else_can(worker: Worker, client: Client) -> None:
    proved(client, ago=FRESH * 2, how="persona")
    assert "Confirm that I am Asha Rahman" in reading.text_of(client.get("/sign-in/again/?next=/grave/").content)
    assert client.post("/sign-in/again/", {"next": "/grave/"}).headers["Location"] == "/grave/"
    assert client.get("/grave/").status_code == 200
    proved(client, ago=FRESH * 2)
    assert client.post("/sign-in/again/", {"next": "/grave/"}).status_code == 200
    assert client.get("/grave/").status_code == 302


def test_one_click_is_worth_nothing_in_production(
    worker: Worker, client: Client, settings: pytest.FixtureRequest
) -> None:
    settings.PRODUCTION = True  # type: ignore[attr-defined]
    proved(client, ago=FRESH * 2, how="persona")
    client.post("/sign-in/again/", {"next": "/grave/"})
    assert client.get("/grave/").status_code == 302


def test_a_session_without_a_proof_is_nobodys(worker: Worker, client: Client) -> None:
    session = client.session
    del session["proof"]
    session.save()
    for path in ("/", "/drafts/", "/grave/", "/sign-in/again/"):
        assert client.get(path).headers["Location"].startswith("/sign-in/?next="), path
