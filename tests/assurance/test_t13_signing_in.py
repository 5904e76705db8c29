"""T13: nobody comes in by guessing, without a second proof or with a dormant account, nor shuts another out."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import ModuleType
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import Client, override_settings
from django.urls import clear_url_caches, get_resolver, path

from kith.config import urls
from kith.foundation.access.door import opens_to_everyone
from kith.foundation.access.models import Account
from kith.foundation.history.actor import acting
from tests.assurance.kit import Measuring, Sized
from tests.assurance.signing_in import (
    WAITS,
    Clock,
    a_person,
    clock_at,
    gives_code,
    gives_password,
    is_in,
    signed_in_rows,
)
from tests.factories import PASSWORD, SYSTEM

# What somebody who is not signed in may see at all: written here by hand, and compared with the routes there are.
OPEN_TO_ALL = {
    "calendar/feed/<str:secret>.ics",  # a calendar cannot sign in: a secret of its own opens it, and it names nobody
    "about/accessibility/",
    "about/what-kith-records/",
    "sign-in/",
    "sign-in/passkey/ask/",
    "sign-in/passkey/",
    "sign-in/second/",
    "sign-in/second/passkey/ask/",
    "sign-in/second/passkey/",
    "sign-in/enrol/",
    "sign-in/enrol/app/",
    "sign-in/enrol/passkey/ask/",
    "sign-in/enrol/passkey/",
    "sign-in/left/",
    "sign-in/first/<str:named>/<str:token>/",
    "sign-in/council/",
    "sign-in/council/<slug:provider_id>/",
    "sign-out/",
    "personas/",
    "personas/<slug:key>/",
}
GUESSES_A_SECOND = 10
WORDS = ["river", "stone", "amber", "otter", "bridge", "harbour", "maple", "candle", "violet", "thunder"]


def every_route() -> list[str]:
    """Every route there is, found by walking Django's own table."""

    def walk(resolver: Any, before: str = "") -> Iterator[str]:
        for each in resolver.url_patterns:
            whole = before + str(each.pattern)
            if hasattr(each, "url_patterns"):
                yield from walk(each, whole)
            else:
                yield whole

    return sorted(set(walk(get_resolver())))


def filled(route: str) -> str:
    """An address of a route, with a number or a word that nothing has."""
    return "/" + re.sub(r"<(int):\w+>", "1", re.sub(r"<(?!int)(?:\w+:)?\w+>", "x", route))


def opened_by(client: Client) -> list[str]:
    """The routes, but for those open to all, that answer this browser with anything but the way to the sign-in page."""
    opened = []
    for route in every_route():
        if route in OPEN_TO_ALL:
            continue
        for answer in (client.get(filled(route)), client.post(filled(route))):
            if not (answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/?next=")):
                opened.append(route)
    return sorted(set(opened))


def without_the_second(clock: Clock) -> tuple[list[str], int]:
    """What opens to nobody, to a password alone, and to who has not enrolled; and how many were tried."""
    person, fresh = a_person("Known Person"), a_person("New Person")
    from allauth.mfa.models import Authenticator

    with acting(SYSTEM):
        Authenticator.objects.filter(user=fresh.account).delete()
    half, enrolling = Client(), Client()
    assert gives_password(half, person).headers["Location"] == "/sign-in/second/"
    assert gives_password(enrolling, fresh).headers["Location"] == "/sign-in/enrol/"
    opened = [route for client in (Client(), half, enrolling) for route in opened_by(client)]
    return opened, 3 * 2 * len(set(every_route()) - OPEN_TO_ALL)


def guessing_passwords(clock: Clock, chance: random.Random, guesses: int, *, sources: int) -> dict[str, int]:
    """Guess at an account, the right password among the guesses, as fast as the net allows."""
    person = a_person(f"Guessed {sources}")
    right = chance.randrange(guesses // 3, guesses)
    judged = found = 0
    clients = [Client(REMOTE_ADDR=f"10.9.{each // 250}.{each % 250 + 1}") for each in range(sources)]
    for number in range(guesses):
        if number % GUESSES_A_SECOND == 0:
            clock.goes_on(seconds=1)
        guess = PASSWORD if number == right else " ".join(chance.sample(WORDS, 3))
        answer = gives_password(clients[number % sources], person, guess)
        judged += WAITS not in answer.content.decode()
        found += answer.status_code == 302
    return {"in": sum(is_in(client) for client in clients), "judged": judged, "found": found}


def guessing_codes(clock: Clock, chance: random.Random, guesses: int) -> dict[str, int]:
    """Guess at the code with the right password in hand."""
    person, client = a_person("Whose password is known"), Client(REMOTE_ADDR="10.8.0.1")
    gives_password(client, person)
    judged = 0
    for number in range(guesses):
        if number % GUESSES_A_SECOND == 0:
            clock.goes_on(seconds=1)
            if number % (GUESSES_A_SECOND * 500) == 0:
                gives_password(client, person)
        answer = client.post("/sign-in/second/", {"code": f"{chance.randrange(1_000_000):06}"})
        judged += "That code is not right" in answer.content.decode()
    return {"in": int(is_in(client)), "judged": judged}


def allowed(seconds: float, *, free: int, longest: float) -> int:
    """How many tries a wait that doubles from two seconds can let through, reckoned here anew."""
    tries, wait = free, 2.0
    while seconds > 0:
        seconds -= min(wait, longest)
        wait, tries = wait * 2, tries + 1
    return tries + 1


def passwords_like_the_name(clock: Clock) -> int:
    """How many sign in with a password that is their own address, however it came to be theirs."""
    got_on = 0
    for number in range(4):
        person = a_person(f"Number {number}")
        typed = [person.email, person.email.split("@")[0], person.email.upper(), f" {person.email} "][number]
        person.account.set_password(typed if number < 2 else typed.lower().strip())
        with acting(SYSTEM):
            person.account.save()
        got_on += gives_password(Client(REMOTE_ADDR=f"10.7.0.{number}"), person, typed).status_code == 302
    return got_on


def dormant(clock: Clock) -> tuple[int, int]:
    """How many get on with an account unused for more than 45 days; how many with one unused for less."""
    got_on = {44: 0, 46: 0}
    for days in got_on:
        person = a_person(f"Away {days}")
        with acting(SYSTEM):
            long_ago = {"opened_at": clock.now - timedelta(days=400), "last_login": clock.now - timedelta(days=days)}
            Account.objects.filter(pk=person.account.pk).update(**long_ago)
        got_on[days] += gives_password(Client(REMOTE_ADDR=f"10.6.0.{days}"), person).status_code == 302
    return got_on[46], got_on[44]


def shut_out(clock: Clock, guesses: int) -> tuple[int, int]:
    """How often the night team does not get in while others guess at its account, from its desk and from elsewhere."""
    night = a_person("Tomasz Lis", role="edt_worker")
    desk = Client(REMOTE_ADDR="10.5.0.1")
    gives_password(desk, night)
    gives_code(desk, night, clock.now)
    desk.post("/sign-out/")
    for number in range(guesses):
        source = "10.5.0.1" if number % 2 else f"10.4.{number // 200 % 250}.{number % 200 + 1}"
        gives_password(Client(REMOTE_ADDR=source), night, "wrong wrong wrong")
    refused = tries = 0
    for client in (desk, Client(REMOTE_ADDR="10.3.0.1")):
        clock.goes_on(seconds=60)
        gives_password(client, night)
        gives_code(client, night, clock.now)
        refused, tries = refused + (not is_in(client)), tries + 1
    return refused, tries


@contextmanager
def one_route_exempt() -> Iterator[None]:
    """The control: a route that asks for a password and no more."""

    @opens_to_everyone
    def careless(request: Any) -> HttpResponse:
        half_way = request.session.get("signing_in")
        return HttpResponse("Children") if half_way else redirect("/sign-in/?next=/exempt/")

    module = ModuleType("exempt_routes")
    module.urlpatterns = [path("exempt/", careless), *urls.urlpatterns]  # type: ignore[attr-defined]
    with override_settings(ROOT_URLCONF=module):
        clear_url_caches()
        yield
    clear_url_caches()


def test_t13_nobody_comes_in_by_another_way(
    measuring: Measuring, sized: Sized, record: None, quiet: None, quick_passwords: None
) -> None:
    guesses = sized(short=120, full=10_000)
    with measuring("T13", seed=13) as figure, clock_at() as clock:
        chance = random.Random(figure.seed)
        opened, tried = without_the_second(clock)
        figure.none("answers without the second proof", found=len(opened), of=tried)
        for sources in (1, 25):
            before, began = signed_in_rows(), clock.now
            told = guessing_passwords(clock, chance, guesses, sources=sources)
            figure.none(
                f"signed in by guessing from {sources} places", found=told["in"] + signed_in_rows() - before, of=guesses
            )
            most = sources * allowed((clock.now - began).total_seconds(), free=5, longest=60)
            figure.at_most(f"guesses judged from {sources} places", told["judged"], gate=min(most, guesses))
        began = clock.now
        told = guessing_codes(clock, chance, guesses)
        figure.none("signed in by guessing codes, the password known", found=told["in"], of=guesses)
        most = allowed((clock.now - began).total_seconds(), free=5, longest=900)
        figure.at_most("codes judged", told["judged"], gate=min(most, guesses))
        figure.none("signed in with a password that is their address", found=passwords_like_the_name(clock), of=4)
        late, soon = dormant(clock)
        figure.none("signed in after 46 days away", found=late, of=1)
        figure.all("signed in after 44 days away", found=soon, of=1)
        refused, tries = shut_out(clock, sized(short=30, full=2_000))
        figure.none("night team shut out by others' guesses", found=refused, of=tries)
        with one_route_exempt():
            opened, _ = without_the_second(clock)
        figure.control("one route without the second proof", failed=set(opened) == {"exempt/"}, said=", ".join(opened))
        figure.note("Passkeys are shown by the journey of signing in with one; no password or code passes there.")
