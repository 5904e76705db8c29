"""A draft opens for its author alone, even to somebody who holds the database; and text sent too late is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests import codes
from tests.factories import a_worker, viewer, with_app
from tests.unit.foundation.screens import gallery, reading

from kith.foundation.access.models import Worker
from kith.foundation.drafts import actions, authors, queries
from kith.foundation.drafts.models import Draft
from kith.foundation.sealing import CannotOpen, holders
from kith.foundation.sealing.keyring import keyring, with_new_keys, without, write

pytestmark = pytest.mark.urls(gallery.__name__)

SECRET = "Nobody but Grace has read this yet"


@pytest.fixture
def worker(record: None) -> Worker:
    return a_worker("Grace Adeyemi")


def keep(worker: Worker, *, about: str = "person:1", said: str = SECRET) -> Draft:
    return actions.keep(author=worker.pk, form="note", about=about, body={"said": [said]}, at=timezone.now())


def table() -> str:
    """All that the table of drafts holds, as whoever reads the database sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM drafts_draft")
        return " ".join(
            bytes(each).decode("latin-1") if isinstance(each, bytes | memoryview) else str(each)
            for row in cursor.fetchall()
            for each in row
        )


def test_the_database_alone_does_not_give_a_draft_away(worker: Worker) -> None:
    keep(worker)
    assert "person:1" in table() and SECRET not in table() and SECRET[:10] not in table()


def test_a_draft_that_was_given_to_another_author_does_not_open(worker: Worker, client: Client) -> None:
    kept, other = keep(worker), a_worker("Tom Whitlock")
    Draft.objects.filter(pk=kept.pk).update(author=other)
    with pytest.raises(CannotOpen):
        Draft.objects.get(pk=kept.pk).body  # noqa: B018
    assert queries.draft_of(viewer=viewer(other), form="note", about="person:1") is None
    client.force_login(other.account)
    page = client.get("/drafts/")
    assert "cannot be read" in reading.text_of(page.content) and reading.faults(page.content) == []


def test_two_drafts_of_one_author_cannot_change_places(worker: Worker) -> None:
    one, two = keep(worker, about="1", said="one"), keep(worker, about="2", said="two")
    Draft.objects.filter(pk=one.pk).update(sealed=two.sealed)
    assert not Draft.objects.get(pk=one.pk).opens and Draft.objects.get(pk=two.pk).body == {"said": ["two"]}


def test_new_keys_reach_every_draft(worker: Worker, settings: Any, tmp_path: Any) -> None:
    settings.KEYS = tmp_path / "keys"
    kept, old = keep(worker), keyring().current
    write(settings.KEYS, with_new_keys(keyring()))
    assert holders.in_use()["drafts.Draft.sealed"] == {old: 1}
    [drafts] = [each for each in holders.holders() if each.name == "drafts.Draft.sealed"]
    assert drafts.renew() == 1 and drafts.renew() == 0
    write(settings.KEYS, without(keyring(), old))
    assert Draft.objects.get(pk=kept.pk).body == {"said": [SECRET]}


def sent_by(worker: Worker, **more: str) -> dict[str, Any]:
    """What the form that was given to this worker sends."""
    client = Client()
    client.force_login(worker.account)
    [signed] = reading.page(client.get("/gallery/visit/").content).xpath("//input[@name='draft_signed']/@value")
    typed = {"draft_form": gallery.FORM, "draft_about": gallery.ABOUT, "draft_back": "/gallery/visit/?child=1"}
    return typed | {"said": SECRET, "draft_signed": signed} | more


def test_text_sent_after_the_session_ended_comes_back_without_scripts(worker: Worker, client: Client) -> None:
    worker.account.set_password("calm river stones")
    worker.account.save()
    answer = client.post("/gallery/visit/?child=1", sent_by(worker))
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/?next=/gallery/visit/")
    assert SECRET not in client.get("/gallery/visit/", follow=True).content.decode()
    signed_in = {"email": worker.account.email, "password": "calm river stones", "next": "/gallery/visit/?child=1"}
    secret = with_app(worker.account)
    client.post("/sign-in/", signed_in)
    back = client.post("/sign-in/second/", {"code": codes.code(secret)}, follow=True)
    assert SECRET in back.content.decode() and "You have unsent text" in reading.text_of(back.content)


def test_text_sent_with_a_token_of_an_earlier_session_is_kept_too(worker: Worker) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/gallery/visit/", sent_by(worker))
    assert answer.status_code == 403 and "all of it is kept as a draft" in reading.text_of(answer.content)
    [back] = reading.page(answer.content).xpath("//main//a/@href")
    assert back == "/sign-in/?next=/gallery/visit/%3Fchild%3D1"
    assert Draft.objects.get(author=worker).body["said"] == [SECRET]


@pytest.mark.parametrize("wrong", ["nothing", "another form", "another subject", "altered", "old", "not ours"])
def test_text_that_does_not_say_under_seal_whose_it_is_is_not_kept(
    worker: Worker, client: Client, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = sent_by(worker)
    if wrong == "old":
        monkeypatch.setattr(signing.time, "time", lambda: timezone.now().timestamp() + 8 * 24 * 60 * 60)
    changes = {
        "nothing": {"draft_signed": ""},
        "another form": {"draft_form": "story"},
        "another subject": {"draft_about": "person:2"},
        "altered": {"draft_signed": sent["draft_signed"][:-1] + "x"},
        "not ours": {"draft_signed": signing.dumps([worker.pk, gallery.FORM, gallery.ABOUT], key="k" * 50)},
    }
    answer = client.post("/gallery/visit/?child=1", sent | changes.get(wrong, {}))
    assert answer.headers["Location"] == "/sign-in/?next=/gallery/visit/%3Fchild%3D1"
    assert Draft.objects.count() == 0


def test_what_names_the_author_names_one_form_about_one_thing() -> None:
    token = authors.named_author(author=7, form="visit", about="12")
    assert authors.author_named(token, form="visit", about="12") == 7
    assert authors.author_named(token, form="visit", about="13") is None


def test_the_way_back_after_signing_in_is_never_to_another_site(worker: Worker, client: Client) -> None:
    answer = client.post("/gallery/visit/", sent_by(worker, draft_back="https://elsewhere.example/"))
    assert answer.headers["Location"] == "/sign-in/?next=/drafts/"
