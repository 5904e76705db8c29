"""An answer of the council's sign-in is believed when all of it is right, and else not: a real exchange over HTTP."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from django.utils import timezone
from tests.factories import a_worker, with_app
from tests.unit.foundation.accounts.unsound_provider import (
    CLIENT,
    SECRET,
    TOKEN,
    UnsoundProvider,
    a_key,
    unsound_provider,
)

from kith.foundation.access.models import Account
from kith.foundation.accounts.models import Session
from kith.foundation.accounts.sessions import IDLE, SessionStore

FAILED = "did not answer as it should"


@pytest.fixture(scope="module")
def served() -> Iterator[UnsoundProvider]:
    with unsound_provider() as made:
        yield made


@pytest.fixture
def provider(served: UnsoundProvider, settings: Any) -> UnsoundProvider:
    served.says, served.signs_with, served.algorithm = {}, served.key, "RS256"
    served.leads_on = ""
    served.exchanged.clear()
    settings.COUNCIL = {"issuer": served.address, "name": "the council", "vouches": "0"}
    [app] = [
        {
            "provider_id": "council",
            "name": "the council",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {
                "server_url": served.address,
                "oauth_pkce_enabled": True,
                "token_auth_method": "client_secret_basic",
            },
        }
    ]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    return served


@pytest.fixture
def account(record: None) -> Account:
    account = a_worker().account
    with_app(account)
    return account


def asked(client: Client, **more: str) -> dict[str, str]:
    """What Kith asks the provider, in the address it sends the browser to."""
    answer = client.get("/sign-in/council/", more)
    assert answer.status_code == 302, answer.content
    return {name: value[0] for name, value in parse_qs(urlsplit(answer.url).query).items()}


def comes_back(client: Client, provider: UnsoundProvider, account: Account, **more: Any) -> Any:
    """Ask, and come back with an answer that is right but for `more`."""
    sent = asked(client)
    provider.says = {"email": account.email, "email_verified": True, "nonce": sent["nonce"]} | more
    return client.get("/sign-in/council/council/", {"code": "c", "state": sent["state"]}, follow=True)


def signed_in(client: Client) -> bool:
    return client.get("/drafts/").status_code == 200


def test_a_right_answer_by_two_factors_signs_in(client: Client, provider: UnsoundProvider, account: Account) -> None:
    comes_back(client, provider, account, amr=["pwd", "mfa"])
    assert signed_in(client)


@pytest.mark.parametrize("said", [{}, {"amr": ["pwd"]}, {"amr": []}, {"acr": "mfa"}])
def test_who_gave_one_proof_there_is_asked_for_the_second_here(
    client: Client, provider: UnsoundProvider, account: Account, said: dict[str, Any]
) -> None:
    answer = comes_back(client, provider, account, **said)
    assert answer.redirect_chain[-1][0] == "/sign-in/second/" and not signed_in(client)


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "of another question"},
        {"nonce": ""},
        {"iss": "https://another.example"},
        {"aud": "another service"},
        {"exp": int(time.time()) - 600},
    ],
)
def test_an_answer_that_is_wrong_in_one_thing_signs_nobody_in(
    client: Client, provider: UnsoundProvider, account: Account, wrong: dict[str, Any]
) -> None:
    answer = comes_back(client, provider, account, amr=["mfa"], **wrong)
    assert FAILED in answer.content.decode() and not signed_in(client)


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [("RS256", a_key()), ("none", None), ("HS256", "a secret that both could know, thirty-two long")],
)
def test_an_answer_that_the_provider_did_not_sign_signs_nobody_in(
    client: Client, provider: UnsoundProvider, account: Account, algorithm: str, key: Any
) -> None:
    provider.algorithm, provider.signs_with = algorithm, key
    assert FAILED in comes_back(client, provider, account, amr=["mfa"]).content.decode() and not signed_in(client)


def test_an_answer_is_taken_once_and_only_by_the_browser_that_asked(
    client: Client, provider: UnsoundProvider, account: Account
) -> None:
    sent = asked(client)
    provider.says = {"email": account.email, "email_verified": True, "nonce": sent["nonce"], "amr": ["mfa"]}
    back = {"code": "c", "state": sent["state"]}
    assert FAILED in Client().get("/sign-in/council/council/", back, follow=True).content.decode()
    assert not provider.exchanged
    client.get("/sign-in/council/council/", back)
    assert signed_in(client) and len(provider.exchanged) == 1
    again = client.get("/sign-in/council/council/", back, follow=True).content.decode()
    assert FAILED in again and len(provider.exchanged) == 1


def test_kith_proves_itself_and_that_it_asked(client: Client, provider: UnsoundProvider, account: Account) -> None:
    sent = asked(client)
    provider.says = {"nonce": sent["nonce"]}
    client.get("/sign-in/council/council/", {"code": "c", "state": sent["state"]})
    [exchanged] = provider.exchanged
    assert exchanged["proved"] == f"{CLIENT}:{SECRET}" and "client_secret" not in exchanged
    digest = hashlib.sha256(exchanged["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == sent["code_challenge"]


def test_the_providers_tokens_reach_no_page_and_are_not_kept(
    client: Client, provider: UnsoundProvider, account: Account
) -> None:
    answer = comes_back(client, provider, account, amr=["mfa"])
    assert signed_in(client)
    token = provider.id_token().split(".")[1]
    shown = answer.content.decode() + json.dumps({**client.cookies}, default=str) + str(answer.headers)
    kept = json.dumps([SessionStore().decode(each.session_data) for each in Session.objects.all()])
    assert str(account.pk) in kept and not SocialToken.objects.exists() and not SocialAccount.objects.exists()
    assert TOKEN not in shown + kept and token[:40] not in shown + kept


def test_a_fresh_proof_there_counts_as_one_here_and_an_old_one_does_not(
    client: Client, provider: UnsoundProvider, account: Account
) -> None:
    comes_back(client, provider, account, amr=["mfa"])
    for auth_time, words in ((time.time() - 3600, "That was not a fresh proof"), (time.time(), "My drafts")):
        sent = asked(client, again="1", next="/drafts/")
        assert sent["prompt"] == "login" and sent["max_age"] == "0"
        right = {"email": account.email, "nonce": sent["nonce"], "amr": ["mfa"], "auth_time": int(auth_time)}
        provider.says = right
        answer = client.get("/sign-in/council/council/", {"code": "c", "state": sent["state"]}, follow=True)
        assert words in answer.content.decode()


def test_a_provider_that_leads_elsewhere_is_not_followed(
    client: Client, provider: UnsoundProvider, account: Account
) -> None:
    with unsound_provider() as elsewhere:
        provider.leads_on = f"{elsewhere.address}/token"
        assert FAILED in comes_back(client, provider, account, amr=["mfa"]).content.decode()
        assert provider.exchanged and not elsewhere.exchanged and not signed_in(client)


def test_a_session_that_the_council_began_ends_by_kiths_own_rules(
    client: Client, provider: UnsoundProvider, account: Account
) -> None:
    comes_back(client, provider, account, amr=["mfa"])
    assert signed_in(client)
    row = Session.objects.get(account=account)
    left = row.expire_date - timezone.now()
    assert timedelta(hours=11, minutes=55) < left <= timedelta(hours=12)
    Session.objects.update(seen_at=timezone.now() - IDLE)
    assert not signed_in(client)
    assert asked(client)["nonce"]  # the council is asked again, and Kith takes nothing for granted


def test_the_log_says_what_to_mend_and_nothing_about_anybody(
    client: Client, provider: UnsoundProvider, account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        comes_back(client, provider, account, iss="https://another.example")
    assert "the council's sign-in failed: OAuth2Error" in caplog.text and account.email not in caplog.text
