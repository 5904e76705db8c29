"""What the figures of signing in share: a worker with both proofs, sign-in by hand, a clock that the test moves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

from django.conf import settings
from django.db import connection
from django.test import Client

from kith.foundation.access.models import Account
from tests import codes
from tests.factories import PASSWORD, a_worker, with_app

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
WAITS = "There have been several wrong tries"


@dataclass
class Person:
    """Somebody with an account, a password and an app."""

    account: Account
    secret: str

    @property
    def email(self) -> str:
        """The address they sign in with."""
        return str(self.account.email)


def a_person(name: str = "Asha Rahman", *, role: str = "social_worker") -> Person:
    """A worker in post who can sign in."""
    account = a_worker(name, role=role).account
    account.set_password(PASSWORD)
    account.save()
    return Person(account, with_app(account))


def gives_password(client: Client, person: Person, password: str = PASSWORD) -> Any:
    """The first proof."""
    return client.post("/sign-in/", {"email": person.email, "password": password})


def gives_code(client: Client, person: Person, at: datetime) -> Any:
    """The second, with the code of that moment."""
    return client.post("/sign-in/second/", {"code": codes.code_at(person.secret, int(at.timestamp()) // 30)})


def is_in(client: Client) -> bool:
    """Whether a page that needs somebody signed in answers."""
    return bool(client.get("/drafts/").status_code == 200)


def cookie(client: Client) -> str:
    """The name of the session, as the browser holds it."""
    kept = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return kept.value if kept is not None else ""


def with_cookie(value: str) -> Client:
    """Another browser that was given, or has stolen, this cookie."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = value
    return client


def signed_in_rows() -> int:
    """How many sessions of somebody signed in there are, as the table says."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_session WHERE account_id IS NOT NULL")
        return int(cursor.fetchone()[0])


class Clock:
    """The moment it is, for Kith and for the codes of apps."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def goes_on(self, **by: float) -> None:
        """Later by so much."""
        self.now += timedelta(**by)


@contextmanager
def clock_at(start: datetime = START) -> Iterator[Clock]:
    """Time stands still until the test moves it."""
    clock = Clock(start)
    with ExitStack() as stack:
        stack.enter_context(mock.patch("django.utils.timezone.now", lambda: clock.now))
        stack.enter_context(mock.patch("time.time", lambda: clock.now.timestamp()))
        yield clock


def tokens_on(answer: Any) -> list[str]:
    """The tokens that the forms of a page carry."""
    return re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.content.decode())
