"""What Kith makes of an answer from the council's own sign-in: who is linked, and who is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.factories import a_worker, with_app

from kith.foundation.access.models import Account
from kith.foundation.accounts import identities
from kith.foundation.accounts.models import CouncilIdentity

ISSUER = "https://council.example"


@pytest.fixture
def account(record: None, settings: Any) -> Account:
    settings.COUNCIL = {"issuer": ISSUER, "client": "kith", "secret": "s", "name": "the council", "vouches": "0"}
    return a_worker().account


def found(account: Account, *, subject: str = "7", **said: Any) -> Account | None:
    return identities.account_of(issuer=ISSUER, subject=subject, profile={"email": account.email} | said)


def test_a_verified_address_links_once_and_the_person_is_known_from_then_on(account: Account) -> None:
    with_app(account)
    assert found(account, email_verified=True) == account
    assert found(account, email="another@elsewhere.example") == account
    assert CouncilIdentity.objects.count() == 1


@pytest.mark.parametrize("said", [{"email_verified": False}, {}, {"email": "", "email_verified": True}])
def test_an_address_that_is_not_verified_links_nobody(account: Account, said: dict[str, Any]) -> None:
    assert found(account, **said) is None and not CouncilIdentity.objects.exists()


def test_a_council_may_vouch_for_its_own_addresses_but_not_against_its_own_word(
    account: Account, settings: Any
) -> None:
    settings.COUNCIL["vouches"] = "1"
    assert found(account, email_verified=False) is None
    assert found(account) == account


def test_another_person_with_the_same_address_is_refused(account: Account) -> None:
    found(account, email_verified=True)
    assert found(account, subject="8", email_verified=True) is None


def test_a_closed_account_is_not_linked(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert found(account, email_verified=True) is None


def test_without_a_council_there_is_no_such_page(record: None, client: Client) -> None:
    assert client.get("/sign-in/council/").status_code == 404
    assert client.get("/sign-in/council/council/?code=x&state=y").status_code == 404
