"""T12: a session cannot be planted, kept or used after its end, and a leaver is out at the next page."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection
from django.test import Client

from kith.foundation.access.models import Post
from kith.foundation.access.policy import policy
from kith.foundation.accounts.sessions import SessionStore
from kith.foundation.history.actor import acting
from tests.assurance.kit import Measuring, Sized
from tests.assurance.signing_in import (
    Clock,
    Person,
    a_person,
    clock_at,
    cookie,
    gives_code,
    gives_password,
    is_in,
    signed_in_rows,
    with_cookie,
)
from tests.factories import PASSWORD, SYSTEM

SETTINGS = Path(__file__).resolve().parents[2] / "src" / "kith" / "config" / "settings.py"
Said = dict[str, bool]


def signs_in(clock: Clock, person: Person, client: Client | None = None) -> Client:
    """Somebody new at a browser, or at the one given, with both proofs. Codes work once, so time goes on first."""
    client = client or Client()
    clock.goes_on(seconds=60)
    gives_password(client, person)
    gives_code(client, person, clock.now)
    return client


def at_sign_in(clock: Clock, person: Person) -> Said:
    """The session's name is a new one, and what was planted under the old is gone."""
    browser = Client()
    session = browser.session
    session["planted"] = "yes"
    session.save()
    planted = cookie_of(session)
    browser.cookies[settings.SESSION_COOKIE_NAME] = planted
    gives_password(browser, person)
    half_way = cookie(browser)
    said = {"half signed in is not in": not is_in(browser)}
    clock.goes_on(seconds=60)
    gives_password(browser, person)
    gives_code(browser, person, clock.now)
    return said | {
        "signed in": is_in(browser),
        "another name after the first proof": half_way != planted,
        "another name after the second proof": cookie(browser) not in (planted, half_way),
        "what was planted is gone": "planted" not in browser.session,
        "the planted name opens nothing": not is_in(with_cookie(planted)),
        "the half-way name opens nothing": not is_in(with_cookie(half_way)),
        "the name is long": len(cookie(browser)) >= 32,
        "the name is on no page": cookie(browser) not in browser.get("/account/").content.decode(),
    }


def cookie_of(session: Any) -> str:
    return str(session.session_key)


def at_a_new_proof_or_post(clock: Clock, person: Person) -> Said:
    """Another name after proving oneself again, and when the post has changed."""
    browser = signs_in(clock, person)
    before = cookie(browser)
    clock.goes_on(minutes=6)
    asked = browser.get("/account/password/").status_code == 302
    counter = int(clock.now.timestamp())
    from tests import codes

    browser.post("/sign-in/again/", {"password": PASSWORD, "code": codes.code_at(person.secret, counter // 30)})
    proved = cookie(browser)
    said = {
        "asked again after five minutes": asked,
        "another name after proving it again": proved != before and is_in(browser),
        "the name before opens nothing": not is_in(with_cookie(before)),
    }
    post = Post.objects.get(worker=person.account.worker)
    other = "auditor" if post.role != "auditor" else "social_worker"
    with acting(SYSTEM):
        Post.objects.filter(pk=post.pk).update(role=other)
    in_still = is_in(browser)
    said["another name in another post"] = in_still and cookie(browser) != proved
    said["the name of the post before opens nothing"] = not is_in(with_cookie(proved))
    return said


def as_time_goes_on(clock: Clock, person: Person) -> Said:
    """Fifteen minutes unused, or twelve hours however much used; the draft outlives both."""
    browser = signs_in(clock, person)
    typed = {"draft_form": "own-notes", "draft_about": "1", "draft_back": "/", "said": "kept through it all"}
    kept = browser.post("/drafts/", typed, headers={"Accept": "application/json"}).status_code == 200
    clock.goes_on(minutes=14, seconds=20)
    said = {"a draft is kept": kept, "in after 14 minutes": is_in(browser)}
    stolen = cookie(browser)
    clock.goes_on(minutes=15, seconds=1)
    said["out after 15 minutes unused"] = not is_in(browser)
    said["and with the same cookie elsewhere"] = not is_in(with_cookie(stolen))
    signs_in(clock, person, browser)
    began = clock.now
    while clock.now - began < timedelta(hours=11, minutes=50):
        clock.goes_on(minutes=10)
        is_in(browser)
    said["in while it is used"] = is_in(browser)
    clock.goes_on(minutes=10, seconds=1)
    said["out after 12 hours however much used"] = not is_in(browser)
    signs_in(clock, person, browser)
    said["the draft is there afterwards"] = b"kept through it all" in browser.get("/drafts/").content
    return said


def at_the_end(clock: Clock, person: Person) -> Said:
    """Signing out, leaving, another password, a closed account: over at once, on the server."""
    browser = signs_in(clock, person)
    name, rows = cookie(browser), signed_in_rows()
    browser.post("/sign-out/")
    said = {
        "signing out takes the row away": signed_in_rows() == rows - 1,
        "the name opens nothing afterwards": not is_in(with_cookie(name)),
        "a link does not sign out": Client().get("/sign-out/").status_code == 405,
    }
    here, there = signs_in(clock, person), signs_in(clock, person)
    here.post("/account/password/", {"password": PASSWORD + " too", "repeated": PASSWORD + " too"})
    said["another password ends the others"] = is_in(here) and not is_in(there)
    here.post("/account/password/", {"password": PASSWORD, "repeated": PASSWORD})
    there = signs_in(clock, person)
    here.post("/account/sessions/end/", {"all": "yes"})
    said["ended from the list"] = is_in(here) and not is_in(there)
    with acting(SYSTEM):
        Post.objects.filter(worker=person.account.worker).update(ended_on=(clock.now - timedelta(days=1)).date())
    said["a leaver is out at the next page"] = here.get("/drafts/").status_code == 403
    said["and the session is over"] = here.get("/drafts/").status_code == 302
    with acting(SYSTEM):
        Post.objects.filter(worker=person.account.worker).update(ended_on=None)
        here = signs_in(clock, person)
        type(person.account).objects.filter(pk=person.account.pk).update(is_active=False)
    said["a closed account is out at the next page"] = not is_in(here)
    return said


def cookies_say(clock: Clock, person: Person) -> Said:
    """What a browser is told of the session's cookie, as it is here and as it would be in production."""
    live = in_production()
    browser = signs_in(clock, person)
    here = browser.cookies[settings.SESSION_COOKIE_NAME]
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "DEVICE_COOKIE_NAME")
    return {
        "scripts cannot read it": bool(here["httponly"]),
        "other sites cannot send it with a form": here["samesite"] == "Lax",
        "for this host alone": not here["domain"] and here["path"] == "/",
        "production: over TLS alone": live["SESSION_COOKIE_SECURE"] and live["CSRF_COOKIE_SECURE"],
        "production: bound to the host by name": all(live[name].startswith("__Host-") for name in names),
        "production: scripts cannot read the form's": live["CSRF_COOKIE_HTTPONLY"] is True,
        "production: no other path or domain": not live.get("SESSION_COOKIE_DOMAIN")
        and live.get("SESSION_COOKIE_PATH", "/") == "/",
        "a role is in no cookie": not any(
            role in f"{each.value}" for role in policy().roles for each in browser.cookies.values()
        ),
    }


def in_production() -> dict[str, Any]:
    """The settings as production has them: the file read anew."""
    env = {"KITH_PRODUCTION": "1", "KITH_SECRET_KEY": "k" * 50, "KITH_KEYS": str(settings.KEYS)}
    with mock.patch.dict("os.environ", env | {"KITH_HOME": str(settings.HOME)}):
        return runpy.run_path(str(SETTINGS))


EVERYTHING: list[Callable[[Clock, Person], Said]] = [
    at_sign_in,
    at_a_new_proof_or_post,
    as_time_goes_on,
    cookies_say,
    at_the_end,
]


def measured(roles: list[str], checks: list[Callable[[Clock, Person], Said]]) -> Said:
    """Every assertion, for a person in each of these roles."""
    said: Said = {}
    for role in roles:
        for check in checks:
            with clock_at() as clock, acting(SYSTEM):
                person = a_person(f"Worker {role}", role=role)
                said |= {f"{role}: {each}": held for each, held in check(clock, person).items()}
                connection.check_constraints()
    return said


@contextmanager
def the_session_keeps_its_name() -> Iterator[None]:
    """The control: nothing gives a session another name."""

    def kept(self: SessionBase) -> None:
        self.modified = True

    def emptied(self: SessionStore) -> None:
        for key in list(self.keys()):
            del self[key]

    with mock.patch.object(SessionBase, "cycle_key", kept), mock.patch.object(SessionBase, "flush", emptied):
        yield


@pytest.mark.both
def test_t12_sessions(measuring: Measuring, sized: Sized, record: None, quiet: None, quick_passwords: None) -> None:
    keys = sorted(key for key, role in policy().roles.items() if "keep_drafts" in role.may)
    roles = (["social_worker"] + [key for key in keys if key != "social_worker"])[: sized(short=1, full=len(keys))]
    with measuring("T12", seed=12) as figure:
        said = measured(roles, EVERYTHING)
        figure.note("Failed: " + ("; ".join(key for key, held in said.items() if not held) or "none"))
        figure.all("assertions that hold", found=sum(said.values()), of=len(said))
        with the_session_keeps_its_name():
            broken = measured(roles[:1], [at_sign_in])
        failed = [each for each, held in broken.items() if not held]
        figure.control("the session keeps its id at sign-in", failed=bool(failed), said="; ".join(failed)[:300])


@pytest.mark.parametrize("minutes", [16])
def test_a_session_unused_too_long_is_gone_from_the_table(record: None, minutes: int) -> None:
    with clock_at() as clock:
        browser = signs_in(clock, a_person())
        assert signed_in_rows() == 1
        clock.goes_on(minutes=minutes)
        assert not is_in(browser) and signed_in_rows() == 0
