"""The second proof: everybody has one, it works once, it is sealed to its owner, and nothing opens before it."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone
from tests import codes
from tests.factories import PASSWORD, a_worker, with_app
from tests.unit.foundation.screens import reading

from kith.foundation.access.models import Account
from kith.foundation.accounts import asking, factors, second, signing
from kith.foundation.accounts.models import Tries
from kith.foundation.history.models import Change
from kith.foundation.sealing import CannotOpen


@pytest.fixture
def account(record: None) -> Account:
    account = a_worker().account
    account.set_password(PASSWORD)
    account.save()
    return account


def give_password(client: Client, account: Account, **more: str) -> Any:
    return client.post("/sign-in/", {"email": account.email, "password": PASSWORD, **more})


def give_code(client: Client, code: str) -> Any:
    return client.post("/sign-in/second/", {"code": code})


def test_an_account_without_a_second_proof_enrols_and_nothing_else_opens_before(
    account: Account, client: Client
) -> None:
    assert give_password(client, account, next="/drafts/").headers["Location"] == "/sign-in/enrol/"
    assert SESSION_KEY not in client.session
    for path in ("/", "/drafts/", "/people/", "/sign-in/again/"):
        assert client.get(path).headers["Location"].startswith("/sign-in/?next="), path
    for path in ("/sign-in/enrol/", "/sign-in/enrol/app/"):
        assert reading.faults(client.get(path).content) == []


def test_the_first_right_code_enrols_shows_the_codes_on_paper_once_and_goes_on(
    account: Account, client: Client
) -> None:
    give_password(client, account, next="/drafts/")
    page = client.get("/sign-in/enrol/app/")
    (key,) = reading.page(page.content).xpath("//main//code")
    wrong = client.post("/sign-in/enrol/app/", {"code": "000000"})
    assert "not the code" in reading.text_of(wrong.content) and not Authenticator.objects.exists()
    answer = client.post("/sign-in/enrol/app/", {"code": codes.code(key.text_content())})
    assert reading.faults(answer.content) == []
    tree = reading.page(answer.content)
    assert len(tree.xpath("//main//li/code")) == 10 and tree.xpath("//main//a[@class='govuk-button']/@href") == [
        "/drafts/"
    ]
    assert client.session[SESSION_KEY] == str(account.pk) and client.get("/drafts/").status_code == 200
    assert second.SECRET not in client.session


def test_who_has_a_second_proof_cannot_enrol_another_with_the_password_alone(account: Account, client: Client) -> None:
    with_app(account)
    give_password(client, account)
    assert client.get("/sign-in/enrol/").headers["Location"] == "/sign-in/second/"
    for path in ("app/", "passkey/ask/", "passkey/"):
        assert client.post(f"/sign-in/enrol/{path}", {"code": "1"}).headers["Location"] == "/sign-in/second/"
    assert Authenticator.objects.count() == 1


def test_a_code_works_once_and_an_earlier_one_never_again(account: Account, client: Client) -> None:
    secret = with_app(account)
    assert factors.code_is_right(account=account, code=codes.code(secret))
    assert not factors.code_is_right(account=account, code=codes.code(secret))
    assert not factors.code_is_right(account=account, code=codes.code(secret, ahead=-1))
    assert factors.code_is_right(account=account, code=codes.code(secret, ahead=1))
    assert not factors.code_is_right(account=account, code=codes.code(secret, ahead=4))


def test_a_code_on_paper_takes_its_place_once(account: Account, client: Client) -> None:
    with_app(account)
    paper = factors.new_codes(account=account)
    give_password(client, account)
    assert give_code(client, f"{paper[0][:4]} {paper[0][4:]}").headers["Location"] == "/"
    assert factors.held_by(account).codes_left == 9
    again = Client()
    give_password(again, account)
    assert asking.WRONG_CODE in reading.text_of(give_code(again, paper[0]).content)
    newer = factors.new_codes(account=account)
    assert not set(newer) & set(paper) and not factors.code_is_right(account=account, code=paper[1])


def test_codes_on_paper_alone_are_no_second_proof(account: Account, client: Client) -> None:
    factors.new_codes(account=account)
    assert give_password(client, account).headers["Location"] == "/sign-in/enrol/"


def test_what_is_half_done_grows_old_and_ends_with_the_account(account: Account, client: Client) -> None:
    secret = with_app(account)
    give_password(client, account)
    session = client.session
    kept = dict(session[signing.KEPT_AS])
    session[signing.KEPT_AS] = kept | {"at": (timezone.now() - signing.LASTS - timedelta(seconds=1)).isoformat()}
    session.save()
    assert give_code(client, codes.code(secret)).headers["Location"] == "/sign-in/"
    give_password(client, account)
    Account.objects.update(is_active=False)
    assert give_code(client, codes.code(secret)).headers["Location"] == "/sign-in/"
    assert SESSION_KEY not in client.session


def test_nobody_gets_to_the_second_proof_without_the_first(account: Account, client: Client) -> None:
    secret = with_app(account)
    for path in ("second/", "enrol/", "enrol/app/", "second/passkey/ask/", "enrol/passkey/ask/"):
        assert client.post(f"/sign-in/{path}", {"code": codes.code(secret)}).headers["Location"] == "/sign-in/"


def test_guessing_codes_is_slowed_here_and_everywhere_but_not_on_a_known_device(
    account: Account, client: Client
) -> None:
    secret = with_app(account)
    at_home = Client(REMOTE_ADDR="10.0.0.5")
    give_password(at_home, account)
    assert give_code(at_home, codes.code(secret, ahead=-1)).status_code == 302, "and now the device is known"
    give_password(client, account)
    for _ in range(5):
        assert asking.WRONG_CODE in reading.text_of(give_code(client, "000000").content)
    assert asking.WAIT in reading.text_of(give_code(client, codes.code(secret)).content)
    Tries.objects.update(wrong=60, last_at=timezone.now())
    at_home.post("/sign-out/")
    give_password(at_home, account)
    assert give_code(at_home, codes.code(secret)).headers["Location"] == "/"


def test_the_secrets_lie_sealed_to_their_owner_and_are_not_in_the_history(account: Account) -> None:
    secret = with_app(account)
    paper = factors.new_codes(account=account)
    kept = json.dumps([each.data for each in Authenticator.objects.all()])
    assert secret not in kept and not any(code in kept for code in paper)
    other = a_worker("Tom Whitlock").account
    row = Authenticator.objects.get(type="totp")
    assert secret.encode() not in base64.b64decode(row.data["secret"])
    Authenticator.objects.filter(pk=row.pk).update(user=other)
    with pytest.raises(CannotOpen):
        factors.code_is_right(account=other, code=codes.code(secret))
    with pytest.raises(RuntimeError):
        factors.get_adapter().encrypt("nobody's")
    changes = Change.objects.filter(table="mfa_authenticator")
    assert changes.count() == 3 and "secret" not in json.dumps([each.after for each in changes])


def test_a_passkey_that_says_nothing_sensible_is_refused(account: Account, client: Client) -> None:
    with_app(account)
    for answered in ("", "{", "[]", "{}", '{"id": "x", "response": {"userHandle": "MQ"}}', "[" * 50_000):
        assert "not known here" in reading.text_of(client.post("/sign-in/passkey/", {"answered": answered}).content)
    give_password(client, account)
    client.post("/sign-in/second/passkey/ask/")
    refused = client.post("/sign-in/second/passkey/", {"answered": '{"id": "AA", "rawId": "AA", "type": "public-key"}'})
    assert "not known here" in reading.text_of(refused.content) and SESSION_KEY not in client.session
    asked = client.post("/sign-in/passkey/ask/").json()["publicKey"]
    assert asked["userVerification"] == "required" and not asked.get("allowCredentials")
