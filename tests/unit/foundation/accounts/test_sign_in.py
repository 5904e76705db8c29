"""Signing in and out: nothing is told to a stranger, nobody is locked out for long, and it is all in the history."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone
from tests import codes
from tests.factories import PASSWORD, a_worker, with_app
from tests.unit.foundation.screens import reading

from kith.foundation.access.models import Account
from kith.foundation.accounts import asking, throttle
from kith.foundation.accounts.models import Session, Tries
from kith.foundation.history.models import Change

EMAIL = "asha@riverside.example"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=timezone.get_current_timezone())


@pytest.fixture
def account(record: None) -> Account:
    account = a_worker().account
    account.email = EMAIL
    account.set_password(PASSWORD)
    account.save()
    account.secret = with_app(account)
    return account


def signs_in(client: Client, account: Account, **more: str) -> object:
    """Both proofs, one after the other; the answer to the second."""
    assert attempt(client, **more).headers["Location"] == "/sign-in/second/"  # type: ignore[attr-defined]
    return client.post("/sign-in/second/", {"code": codes.code(account.secret)})  # type: ignore[attr-defined]


def attempt(client: Client, *, email: str = EMAIL, password: str = PASSWORD, **more: str) -> object:
    return client.post("/sign-in/", {"email": email, "password": password, **more})


def said_to(client: Client, **tried: str) -> str:
    return reading.text_of(attempt(client, **tried).content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("email", [EMAIL, "ASHA@Riverside.example", f" {EMAIL} "])
def test_the_right_password_signs_in_whatever_the_case_of_the_address(
    account: Account, client: Client, email: str
) -> None:
    answer = signs_in(client, account, email=email)
    assert answer.status_code == 302 and answer.headers["Location"] == "/"  # type: ignore[attr-defined]
    assert client.session[SESSION_KEY] == str(account.pk)
    assert account.password.startswith("argon2")


def test_a_wrong_address_and_a_wrong_password_are_told_the_same(account: Account, client: Client) -> None:
    wrong_password, wrong_address = said_to(client, password="no"), said_to(client, email="who@riverside.example")
    assert wrong_password == wrong_address and asking.WRONG in wrong_password
    assert SESSION_KEY not in client.session


def test_an_account_that_is_closed_or_has_no_password_is_told_the_same(account: Account, client: Client) -> None:
    account.is_active = False
    account.save()
    closed = said_to(client)
    account.is_active = True
    account.set_unusable_password()
    account.save()
    assert closed == said_to(client) and asking.WRONG in closed


def test_empty_boxes_are_told_what_to_enter(account: Account, client: Client) -> None:
    answer = client.post("/sign-in/", {})
    assert "Enter your e-mail address" in reading.text_of(answer.content)
    assert reading.faults(answer.content) == []


def test_the_page_never_shows_a_password_again(account: Account, client: Client) -> None:
    answer = attempt(client, password="not-the-password")
    assert b"not-the-password" not in answer.content  # type: ignore[attr-defined]


def test_the_session_changes_its_name_at_sign_in_and_is_gone_at_sign_out(account: Account, client: Client) -> None:
    session = client.session
    session["planted"] = "before"
    session.save()
    before = session.session_key
    signs_in(client, account)
    during = client.session.session_key
    assert during != before and "planted" not in client.session
    client.cookies[settings.SESSION_COOKIE_NAME] = str(before)
    assert client.get("/drafts/").status_code == 302
    client.cookies[settings.SESSION_COOKIE_NAME] = str(during)
    assert client.post("/sign-out/").status_code == 302
    client.cookies[settings.SESSION_COOKIE_NAME] = str(during)
    assert client.get("/drafts/").status_code == 302


def test_a_session_ends_twelve_hours_after_sign_in_however_much_it_is_used(account: Account, client: Client) -> None:
    signs_in(client, account)
    ends = client.session.get_expiry_date()
    assert timedelta(hours=11, minutes=59) < ends - timezone.now() <= timedelta(hours=12)
    session = client.session
    session["used"] = "again"
    session.save()
    assert client.session.get_expiry_date() == ends
    kept = Session.objects.get()
    assert kept.expire_date == ends and client.get("/drafts/").status_code == 200
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/drafts/").status_code == 302


def test_signing_out_is_never_a_link(account: Account, client: Client) -> None:
    signs_in(client, account)
    assert client.get("/sign-out/").status_code == 405 and client.get("/drafts/").status_code == 200


@pytest.mark.parametrize("wanted", ["/drafts/", "/people/?q=khan"])
def test_the_person_goes_on_to_the_page_they_asked_for(account: Account, client: Client, wanted: str) -> None:
    assert signs_in(client, account, next=wanted).headers["Location"] == wanted  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "drafts/",
        "/sign-in/",
    ],
)
def test_nobody_is_sent_to_another_site(account: Account, client: Client, wanted: str) -> None:
    assert signs_in(client, account, next=wanted).headers["Location"] == "/"  # type: ignore[attr-defined]


def test_the_page_asked_for_is_kept_through_a_wrong_password(account: Account, client: Client) -> None:
    answer = client.get("/sign-in/?next=/drafts/")
    assert b'name="next" value="/drafts/"' in answer.content
    wrong = attempt(client, password="no", next="/drafts/")
    assert b'name="next" value="/drafts/"' in wrong.content  # type: ignore[attr-defined]


def test_signing_in_is_in_the_history_signed_by_the_worker_and_without_the_password(
    account: Account, client: Client
) -> None:
    signs_in(client, account)
    change = Change.objects.filter(table="access_account", act="changed").latest("id")
    assert (change.worker, change.role) == (account.worker_id, "signing in")
    assert change.after["last_login"] and "password" not in change.after


def test_an_old_hash_is_made_anew_at_sign_in(account: Account, client: Client) -> None:
    from django.contrib.auth.hashers import Argon2PasswordHasher

    weak = Argon2PasswordHasher()
    weak.time_cost = 1
    Account.objects.update(password=weak.encode(PASSWORD, "saltsaltsalt"))
    before = Account.objects.get().password
    assert attempt(client).status_code == 302  # type: ignore[attr-defined]
    assert Account.objects.get().password != before


def test_guessing_is_slowed_and_the_right_password_waits_too(account: Account, client: Client) -> None:
    for _ in range(throttle.PASSWORD.free):
        assert asking.WRONG in said_to(client, password="no")
    assert asking.WAIT in said_to(client)
    assert SESSION_KEY not in client.session


def test_one_persons_wrong_tries_do_not_stop_another_or_another_place(account: Account, client: Client) -> None:
    for _ in range(throttle.PASSWORD.free + 1):
        attempt(client, password="no")
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert attempt(elsewhere).status_code == 302  # type: ignore[attr-defined]
    assert asking.WRONG in said_to(client, email="other@riverside.example")


def test_the_wait_grows_but_never_beyond_a_minute_and_waiting_tries_do_not_lengthen_it(record: None) -> None:
    waits = [throttle.wait_after(wrong, throttle.PASSWORD) for wrong in range(40)]
    assert waits[: throttle.PASSWORD.free] == [timedelta()] * throttle.PASSWORD.free
    assert waits == sorted(waits) and waits[-1] == throttle.PASSWORD.longest == timedelta(minutes=1)
    key = throttle.Key("password", EMAIL, "10.0.0.1", throttle.PASSWORD)
    for minute in range(40):
        assert throttle.may_try(key, now=NOW + timedelta(minutes=minute))
    last = NOW + timedelta(minutes=39)
    refused = [throttle.may_try(key, now=last + timedelta(seconds=each)) for each in range(1, 60)]
    assert not any(refused) and throttle.may_try(key, now=last + timedelta(seconds=60))
    throttle.went_right(key)
    assert throttle.may_try(key, now=last + timedelta(seconds=61))


def test_what_is_counted_is_written_as_a_keyed_hash_and_forgotten_after_a_day(account: Account, client: Client) -> None:
    attempt(client, password="no")
    row = Tries.objects.get()
    assert row.wrong == 1 and len(row.key) == 64 and "asha" not in row.key
    throttle.forget_old(now=row.last_at + timedelta(hours=25))
    assert not Tries.objects.exists()


def test_the_sign_in_page_can_be_heard(record: None, client: Client) -> None:
    assert reading.faults(client.get("/sign-in/?next=/drafts/").content) == []


def test_somebody_signed_in_is_not_asked_again(account: Account, client: Client) -> None:
    signs_in(client, account)
    assert client.get("/sign-in/?next=/drafts/").headers["Location"] == "/drafts/"


def test_every_wrong_try_is_in_the_log_without_the_address_or_what_was_typed(
    account: Account, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    for email in (account.email, "nobody@riverside.example"):
        client.post("/sign-in/", {"email": email, "password": "not this one, surely"})
    assert f"wrong password: account {account.pk}, from elsewhere" in caplog.text
    assert "wrong password: no account, from elsewhere" in caplog.text
    assert "riverside.example" not in caplog.text and "surely" not in caplog.text
