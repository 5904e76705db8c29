"""One's own account: its password, second proofs and sessions, changed by its owner alone and after a fresh proof."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests import codes
from tests.factories import PASSWORD, a_worker, with_app
from tests.unit.foundation.screens import reading

from kith.foundation.access.models import Account
from kith.foundation.access.proof import FRESH
from kith.foundation.accounts import factors
from kith.foundation.accounts.models import Session
from kith.foundation.accounts.sessions import IDLE, NOTED

NEW = "seven otters cross the bridge"


@pytest.fixture
def account(record: None, client: Client) -> Account:
    account = a_worker().account
    account.set_password(PASSWORD)
    account.save()
    account.secret = with_app(account)
    client.force_login(account)
    return account


def said(answer: Any) -> str:
    return reading.text_of(answer.content)


def grow_old(client: Client) -> None:
    session = client.session
    session["proof"] = {"how": "password and code", "at": (timezone.now() - FRESH * 2).isoformat()}
    session.save()


PAGES = ["/account/", "/account/password/", "/account/app/", "/account/codes/", "/account/passkeys/"]


@pytest.mark.parametrize("path", PAGES)
def test_each_page_can_be_heard(account: Account, client: Client, path: str) -> None:
    assert reading.faults(client.get(path).content) == []


@pytest.mark.parametrize("path", PAGES[1:])
def test_every_change_asks_for_a_fresh_proof(account: Account, client: Client, path: str) -> None:
    grow_old(client)
    assert client.get(path).headers["Location"].startswith("/sign-in/again/")
    assert client.post(path, {}).headers["Location"].startswith("/sign-in/again/")
    assert client.get("/account/").status_code == 200


def test_a_new_password_signs_out_everywhere_else(account: Account, client: Client) -> None:
    elsewhere = Client()
    elsewhere.force_login(account)
    assert client.post("/account/password/", {"password": NEW, "repeated": NEW}).status_code == 302
    assert client.get("/account/").status_code == 200 and elsewhere.get("/account/").status_code == 302
    account.refresh_from_db()
    assert account.check_password(NEW)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "too short"),
        ("password1234", "too common"),
        ("Asha Rahman", "too similar"),
        ("ADDRESS", "too similar"),
        ("  ", "too short"),
    ],
)
def test_a_poor_password_is_refused_and_says_why(account: Account, client: Client, password: str, why: str) -> None:
    given = account.email if password == "ADDRESS" else password
    answer = client.post("/account/password/", {"password": given, "repeated": given})
    assert answer.status_code == 200 and why in said(answer)
    differing = client.post("/account/password/", {"password": NEW, "repeated": NEW + "x"})
    assert "not the same" in said(differing)


def test_another_app_takes_the_place_of_the_first(account: Account, client: Client) -> None:
    (key,) = reading.page(client.get("/account/app/").content).xpath("//main//code")
    secret = key.text_content()
    assert "not the code" in said(client.post("/account/app/", {"code": "000000"}))
    assert client.post("/account/app/", {"code": codes.code(secret)}).status_code == 302
    assert not factors.code_is_right(account=account, code=codes.code(account.secret))  # type: ignore[attr-defined]
    assert factors.code_is_right(account=account, code=codes.code(secret, ahead=1))


def test_new_codes_on_paper_are_shown_once(account: Account, client: Client) -> None:
    shown = reading.page(client.post("/account/codes/").content).xpath("//main//li/code")
    assert len(shown) == 10
    assert "10 codes left" in said(client.get("/account/"))


def test_sessions_are_listed_and_ended_and_only_ones_own(account: Account, client: Client) -> None:
    client.get("/account/", headers={"User-Agent": "x"})
    elsewhere, other = Client(), Client()
    elsewhere.force_login(account)
    stranger = a_worker("Tom Whitlock").account
    other.force_login(stranger)
    page = reading.page(client.get("/account/").content)
    [name] = page.xpath("//main//input[@name='session']/@value")
    assert not any(name in each.session_key for each in Session.objects.all())
    assert other.post("/account/sessions/end/", {"session": name}).status_code == 302
    assert elsewhere.get("/account/").status_code == 200
    client.post("/account/sessions/end/", {"session": name})
    assert elsewhere.get("/account/").status_code == 302 and client.get("/account/").status_code == 200
    elsewhere.force_login(account)
    client.post("/account/sessions/end/", {"all": "yes"})
    assert elsewhere.get("/account/").status_code == 302 and other.get("/account/").status_code == 200


def test_being_used_is_noted_every_half_minute_and_asking_how_long_is_left_is_not_use(
    account: Account, client: Client
) -> None:
    ago = timezone.now() - IDLE + timedelta(minutes=1)
    Session.objects.update(seen_at=ago)
    assert 50 <= client.get("/sign-in/left/").json()["left"] <= 60
    assert Session.objects.get().seen_at == ago
    assert client.post("/sign-in/stay/").json()["left"] >= 890
    recent = timezone.now() - NOTED + timedelta(seconds=5)
    Session.objects.update(seen_at=recent)
    client.get("/drafts/")
    assert Session.objects.get().seen_at == recent
    Session.objects.update(seen_at=timezone.now() - NOTED - timedelta(seconds=1))
    client.get("/drafts/")
    assert Session.objects.get().seen_at > recent


def test_the_only_second_proof_cannot_be_taken_away(record: None, client: Client) -> None:
    account = a_worker().account
    client.force_login(account)
    row = factors.Authenticator.objects.create(user=account, type="webauthn", data={"name": "Key", "credential": {}})
    path = f"/account/passkeys/{row.pk}/take-away/"
    assert reading.faults(client.get(path).content) == []
    assert "only second proof" in said(client.post(path, follow=True))
    with_app(account)
    client.post(path)
    assert not factors.held_by(account).passkeys and client.post(path).status_code == 404
