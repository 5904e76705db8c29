"""Every route that writes says how two writers at once are told of each other; one that says nothing is found."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.factories import a_worker

from kith.foundation.access.checks import routes
from kith.foundation.access.door import SIGNED_IN
from kith.foundation.access.policy import policy

# Forms that change what is saved: they carry the version they were written against. The tests of two editors, of visits
# and of meetings race each of them.
VERSIONED = {
    "children/<int:pk>/record/<int:part>/significant/",
    "children/<int:pk>/story/",
    "people/<int:pk>/details/",
    "periods/<int:pk>/change/",
    "promises/<int:pk>/again/",
    "promises/<int:pk>/change/",
    "promises/<int:pk>/done/",
    "promises/<int:pk>/drop/",
    "record-work/<int:pk>/change/",
    "strategy-meetings/<int:pk>/not-held/",
    "strategy-meetings/<int:pk>/save/",
    "visits/<int:pk>/change/",
    "work/<slug:key>/<int:pk>/answer/",
    "work/<slug:key>/<int:pk>/cancel/",
    "work/<slug:key>/<int:pk>/complete/",
}
# Routes that take a POST about something saved, and need none.
NEEDS_NONE = {
    "account/passkeys/<int:pk>/take-away/": "one's own, taken away once",
    "accounts/<int:pk>/begin-anew/": "takes the proofs away; a second time there are none",
    "accounts/<int:pk>/close/": "closed once",
    "accounts/<int:pk>/link/": "a new link makes the one before worth nothing",
    "accounts/<int:pk>/open/": "opened once; one that is there is refused",
    "accounts/<int:pk>/posts/": "adds",
    "accounts/posts/<int:pk>/end/": "one day is set; which it was before is in the history",
    "accounts/teams/<int:pk>/": "two short fields, both in the history",
    "deadlines/<int:pk>/late/": "adds a reason; none is changed",
    "deadlines/<int:pk>/not-required/": "decided once, and taken back once; the second is told",
    "drafts/clash/<int:pk>/": "carries the version of what is saved now",
    "duplicates/<int:one>/<int:other>/": "proposed once; a pair that is proposed or decided leads to its link",
    "duplicates/link/<int:pk>/": "decided once, parted once; the second is told that it was",
    "children/<int:pk>/documents/add/": "adds",
    "documents/<int:pk>/replace/": "adds, and is done once: the second is refused",
    "emergency/<int:pk>/": "adds an opening, with its own reason",
    "emergency/to-look-at/<int:pk>/": "looked at once",
    "people/<int:pk>/access/end/": "ended once, by its own number",
    "people/<int:pk>/access/give/": "adds",
    "people/<int:pk>/barred/": "adds a barring, or ends one by its own number, once",
    "people/<int:pk>/restrictions/end/": "ended once, by its own number; the second is told",
    "people/<int:pk>/restrictions/name/": "adds a name; one that is there is refused",
    "people/<int:pk>/restrictions/put/": "adds; one that is there is refused",
    "people/<int:pk>/restrictions/unname/": "ended once, by its own number",
    "returns/checks/<int:pk>/issues/<int:part>/answer/": "answered once while it stands; the second is told",
    "returns/due/<int:pk>/done/": "done once; the second is told",
    "returns/due/<int:pk>/mistaken/": "said once; the second is told",
    "strategy-meetings/<int:pk>/add/": "adds",
    "strategy-meetings/<int:pk>/sent/": "said once; the second is refused",
}


def about_something() -> list[tuple[str, Any]]:
    """The routes of the record about one thing that exists."""
    return [(pattern, view) for pattern, view in sorted(routes()) if "<int:" in pattern and view.opens_to != "public"]


def test_a_route_of_the_record_that_takes_a_post_says_how_two_writers_are_told(record: None, client: Client) -> None:
    roles = policy().roles
    silent = []
    for pattern, view in about_something():
        role = next(key for key, row in roles.items() if view.opens_to in {SIGNED_IN, *row.may})
        client.force_login(a_worker(role=role).account)
        address = "/" + pattern.replace("<int:pk>", "999999").replace("<slug:key>", "visit")
        takes = client.post(address.replace("<int:part>", "9").replace("<int:load>", "999999")).status_code != 405
        if takes and writes(view) and pattern not in VERSIONED | set(NEEDS_NONE):
            silent.append(pattern)
    assert not silent, "say in VERSIONED or NEEDS_NONE how two people who save at once are told of each other"


def writes(view: Any) -> bool:
    """Whether the view looks at what was posted: one that never does only reads."""
    while hasattr(view, "__wrapped__"):  # what the door and the methods allowed put around it
        view = view.__wrapped__
    return bool(set(view.__code__.co_names) & {"POST", "FILES", "method", "_writable", "_found"})


def test_the_lists_name_no_route_that_is_gone() -> None:
    there = {pattern for pattern, _ in routes()}
    assert VERSIONED | set(NEEDS_NONE) <= there


@pytest.mark.parametrize("name", ["change", "promises"])
def test_what_writes_is_told_from_what_reads(name: str) -> None:
    from kith.record.promises import views

    assert writes(getattr(views, name)) is (name == "change")
