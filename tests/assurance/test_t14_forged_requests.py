"""T14: no other site can make a worker's browser change anything, and reading a page changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import clear_url_caches, path
from django.views.decorators.csrf import csrf_exempt

from kith.config import urls
from kith.foundation.access.checks import routes
from kith.foundation.access.door import opens_to
from kith.foundation.access.policy import policy
from tests.assurance import sweep
from tests.assurance.kit import Measuring, Sized
from tests.assurance.signing_in import tokens_on
from tests.assurance.test_t13_signing_in import filled
from tests.factories import a_worker

UNSAFE = ("post", "put", "patch", "delete")
HERE, THERE = "http://testserver", "https://elsewhere.example"
# What reading a page may write: that it was read, refused or listed, and that the session is in use.
READING_WRITES = ("history_", "accounts_session")


class Browser:
    """Somebody signed in whose requests are checked as a real browser's are."""

    def __init__(self, role: str) -> None:
        """A worker of this role; the token of a page that was open before signing in, and one of now."""
        worker = a_worker(f"Worker {role}", role=role)
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.client.get("/sign-in/")
        self.before = tokens_on(self.client.get("/sign-in/"))[0]
        self.client.force_login(worker.account)
        self.client.cookies.pop(settings.CSRF_COOKIE_NAME, None)
        self.token = tokens_on(self.client.get("/about/accessibility/"))[0]

    def sends(self, method: str, address: str, token: str | None, **headers: str) -> int:
        """The status of the answer."""
        said = dict(headers) | ({"X-CSRFToken": token} if token is not None else {})
        answer = self.client.generic(
            method.upper(), address, b"", content_type="application/x-www-form-urlencoded", headers=said
        )
        return int(answer.status_code)


def forgeries(browser: Browser, other: Browser) -> list[tuple[str, str | None, dict[str, str]]]:
    """Each way in which another site might try, by name, with the token it has and what the browser says of it."""
    right = browser.token
    return [
        ("no token", None, {}),
        ("an empty token", "", {}),
        ("another session's token", other.token, {}),
        ("a token from before signing in", browser.before, {}),
        ("another site by its Origin", right, {"Origin": THERE}),
        ("an Origin that is hidden", right, {"Origin": "null"}),
        ("another site by Sec-Fetch-Site", right, {"Origin": HERE, "Sec-Fetch-Site": "cross-site"}),
        ("a site beside ours", right, {"Origin": HERE, "Sec-Fetch-Site": "same-site"}),
        ("a form sent from another site", right, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}),
    ]


def tried(roles: dict[str, Browser], other: Browser, methods: tuple[str, ...]) -> tuple[list[str], int, list[str]]:
    """What was not refused, of how many; and the routes where the right token was refused too, which shows nothing."""
    let_in, count, shut = [], 0, []
    for pattern, view in routes():
        address = filled(pattern)
        able = [role for role in roles if view.opens_to in (*policy().roles[role].may, "public", "signed in")]
        browser = roles[able[0]] if able else next(iter(roles.values()))
        for method in methods:
            for name, token, headers in forgeries(browser, other):
                count += 1
                if browser.sends(method, address, token, **headers) != 403:
                    let_in.append(f"{method} {pattern}: {name}")
        if "sign-out" not in pattern and "left" not in pattern:
            with mock.patch("django.contrib.sessions.backends.base.SessionBase.flush"):
                ours = browser.sends(
                    "post", address, browser.token, **{"Origin": HERE, "Sec-Fetch-Site": "same-origin"}
                )
            shut += [pattern] if ours == 403 and able else []
    return let_in, count, shut


@contextmanager
def one_view_exempt() -> Iterator[None]:
    """The control: one view that takes whatever comes."""

    @csrf_exempt
    @opens_to("see_today")
    def careless(request: Any) -> HttpResponse:
        return HttpResponse("Changed")

    module = ModuleType("careless_routes")
    module.urlpatterns = [path("careless/", careless), *urls.urlpatterns]  # type: ignore[attr-defined]
    with override_settings(ROOT_URLCONF=module):
        clear_url_caches()
        yield
    clear_url_caches()


def state() -> dict[str, str]:
    """Every table as one digest of its rows, read as the database has them."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = sorted(repr(row) for row in cursor.fetchall())
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def changed_by_reading(most: int) -> tuple[list[str], int]:
    """Each page that a small record has, read once: the pages that changed more than history and session."""
    found = sweep.leafed_through(sweep.begun(), enough=max(most, sweep.FEWEST))
    addresses = [each for pages in found.pages.values() for each in pages[:1]][:most]
    wrong, before = [], state()
    for address in addresses:
        found.ask("get", address, undo=False)
        after = state()
        touched = [table for table in after if after[table] != before.get(table)]
        if not all(table.startswith(READING_WRITES) for table in touched):
            wrong.append(f"{address}: {', '.join(touched)}")
        before = after
    return wrong, len(addresses)


@pytest.mark.both
def test_t14_nothing_is_changed_from_elsewhere_or_by_reading(
    measuring: Measuring, sized: Sized, record: None, quiet: None
) -> None:
    methods = UNSAFE[: sized(short=1, full=len(UNSAFE))]
    with measuring("T14", seed=14) as figure:
        roles = {role: Browser(role) for role in sorted(policy().roles)}
        other = Browser("social_worker")
        let_in, count, shut = tried(roles, other, methods)
        figure.note("Let in: " + ("; ".join(let_in[:10]) or "none"))
        figure.none("forged requests let in", found=len(let_in), of=count)
        figure.none("routes that refuse the right token too, where refusing shows nothing", found=len(shut), of=count)
        wrong, read = changed_by_reading(sized(short=15, full=10_000))
        figure.none("pages that change more than history and session when read", found=len(wrong), of=read)
        with one_view_exempt():
            let_in, _, _ = tried(roles, other, ("post",))
        caught = bool(let_in) and all(each.startswith("post careless/") for each in let_in)
        figure.control("one view exempt from the check", failed=caught, said="; ".join(let_in[:4]))
