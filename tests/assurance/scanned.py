"""The routes that sqlmap is set on, chosen by a rule; makes the record they stand on. Says them as JSON.

Run as a script in the environment of a service: `scanned.py ROUTES`. The rule: every route is leafed through, as the
sweep does, and each page and form with something to send counts the names it looks up. Pages asked by an address
(searches, lists with filters, reports) and forms that save are taken turn about, those with the most names first, one
of each route, until there are enough. A form that only ends a session is none of them.
"""

from __future__ import annotations

import json
import os
import sys
from itertools import chain, zip_longest
from typing import Any
from urllib.parse import urlencode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kith.config.settings")
django.setup()

from django.conf import settings
from django.core.management import call_command

from kith.foundation.history.actor import acting
from tests.assurance.people_at_work import signed_in
from tests.assurance.sweep import Form, Sweep, begun, leafed_through, route_of
from tests.factories import SYSTEM
from tests.proved import prove_by_force

TOKEN_AS = "csrfmiddlewaretoken"


def main(many: int) -> None:
    """A small world with somebody of every role signed in; the routes, and the cookie of who opens each."""
    call_command("migrate", verbosity=0)
    prove_by_force()
    with acting(SYSTEM):
        sweep = begun()
    leafed_through(sweep)
    found = chosen(sweep, many)
    with acting(SYSTEM):
        cookies = {role: signed_in(account) for role, account in sweep.accounts.items()}
    told = [each | {"session": cookies[sweep.role_of.get(each["route"], "team_manager")]} for each in found]
    print(json.dumps({"cookie": settings.SESSION_COOKIE_NAME, "routes": told}))


def chosen(sweep: Sweep, many: int) -> list[dict[str, Any]]:
    """So many of them, pages and forms turn about."""
    both = chain.from_iterable(zip_longest(pages(sweep), forms(sweep)))
    return [each for each in both if each][:many]


def pages(sweep: Sweep) -> list[dict[str, Any]]:
    """The pages that look something up in their address: each route once, those with the most names first."""
    found = []
    for route, paths in sweep.pages.items():
        names = sweep.asked[paths[0]]
        told = {"route": route, "method": "get", "path": answering(sweep, paths[0].partition("?")[0], names)}
        found += [told | {"names": names}] if names and sweep.role_of.get(route) else []
    return sorted(found, key=lambda each: (-len(each["names"]), each["route"]))


def answering(sweep: Sweep, base: str, names: list[str]) -> str:
    """The address with a value for every name: 1, or nothing where the page knows of no 1. The scanner begins there."""
    values = {name: "1" if sweep.ask("get", f"{base}?{name}=1").status_code == 200 else "" for name in names}
    address = f"{base}?{urlencode(values)}"
    assert sweep.ask("get", address).status_code == 200, f"{address} does not answer"
    return address


def forms(sweep: Sweep) -> list[dict[str, Any]]:
    """The forms that save: each route once, by its longest form, those with the most names first."""
    found: dict[str, Form] = {}
    for form in sweep.forms.values():
        route = route_of(form.action)
        sent = form.method == "post" and form.fields and sweep.role_of.get(route) and not form.files
        if sent and len(form.fields) > len(found[route].fields if route in found else ()):
            found[route] = form
    told = [
        {"route": route, "method": "post", "path": form.action, "names": list(form.fields)}
        | {"data": urlencode({name: str(value) for name, value in form.fields.items()})}
        for route, form in found.items()
    ]
    return sorted(told, key=lambda each: (-len(each["names"]), each["route"]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
