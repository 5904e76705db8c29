"""T10: what says where a shielded person is, is looked for on every page, as every role that may not know it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.template import engines
from jinja2 import ChoiceLoader, DictLoader

from kith.foundation.history.actor import acting
from kith.record.people.models import Identifier, Person, Restriction
from kith.record.people.restricting import guard
from tests import factories as make
from tests.assurance.canaries import LISTS, SHOWN, Borough, among, build, kept_anywhere, plain, read, told
from tests.assurance.kit import Measuring, Sized
from tests.unit.record.loading.extracts import stored

pytestmark = pytest.mark.usefixtures("record")
SEED = 10
SAME_AGAIN = ("print", "as-known", "looked", "documents", "?q=", "/new/", "change", "?child")  # for the entitled
TEMPLATE = "chronology/child.html"


def crawled(borough: Borough, roles: list[str] | None = None) -> tuple[list[str], int, int]:
    """What is found as those not entitled, how many pages answered, and how many were asked for.

    Every role reads every list, and its share of the people's pages; every person's pages are read by one role or more.
    """
    found, answered, asked = [], 0, 0
    roles = roles or sorted(borough.others)
    for place, role in enumerate(roles):
        mine = borough.hidden[place % len(borough.hidden) :: len(roles)] or borough.hidden[:1]
        addresses = [*LISTS, *(page for each in mine for page in each.pages)]
        for address, text, status in read(borough.others[role], addresses):
            asked += 1
            answered += status == 200
            for each in among(text, borough.hidden):
                found += [f"{role} {address} {what}" for what in told(text, each, asked=address)]
    return found, answered, asked


def seen_by_the_entitled(borough: Borough) -> tuple[int, list[str]]:
    """How many of the words that a page shows were read by her worker, and which were not."""
    missing = []
    for each in borough.hidden:
        pages = [page for page in each.pages if not any(part in page for part in SAME_AGAIN)]
        unread = set(SHOWN)
        for _, page, _ in read(borough.entitled, pages):
            unread -= set(told(page, each))
            if not unread:  # what else she could read shows nothing more
                break
        missing += [f"{each.person.pk} {what}" for what in sorted(unread)]
    return len(borough.hidden) * len(SHOWN) - len(missing), missing


def twins(borough: Borough) -> list[Person]:
    """Each shielded person again: from another source with her number, by a load under another name, or by hand."""
    made = []
    for number, each in enumerate(borough.hidden):
        who = each.person
        Identifier.objects.create(person=who, kind="NHS Number", value=f"99{who.pk:08d}", **make.recorded("identifier"))
        guard([who.pk], on=who.born_on)
        if number % 2:
            second = make.a_child(who.surname.upper(), who.forename, born_on=who.born_on, held=False)
            guard([second.pk], on=who.born_on)
        else:
            ref = f"T{who.pk}"
            row = {"pers_person_id": ref, "pers_forename": "Other", "pers_surname": "Name"}
            link = {"link_table_id": f"L{ref}", "link_person_id": ref, "link_identifier_type": "NHS Number"}
            link["link_identifier_value"] = f"99 {who.pk:08d}"
            stored({"ssd_person": [row], "ssd_linked_identifiers": [link]}, kind="annex_a")
            second = Person.objects.get(ref=f"person:{ref}")
        made.append(second)
    return made


def born_shielded(people: list[Person]) -> int:
    return Restriction.objects.filter(person__in=people, level="R2", ended_on=None).values("person").distinct().count()


@contextmanager
def an_address_in_a_template() -> Iterator[None]:
    """The broken variant: one template reads the address for itself."""
    env: Any = engines["jinja2"].env  # type: ignore[attr-defined]
    usual = env.loader
    source = usual.get_source(env, TEMPLATE)[0]
    broken = source.replace("{% block content %}", "{% block content %}{{ child.addresses.first().lines }}", 1)
    env.loader = ChoiceLoader([DictLoader({TEMPLATE: broken}), usual])
    env.cache.clear()
    try:
        yield
    finally:
        env.loader = usual
        env.cache.clear()


class Everything(logging.Handler):
    """Keeps all that is logged, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(logging.Formatter().format(record))


@contextmanager
def listening() -> Iterator[list[str]]:
    """Everything logged inside, but for the statements that the database is sent."""
    ears, root = Everything(), logging.getLogger()
    ears.addFilter(lambda record: not record.name.startswith("django.db"))
    before = root.level
    root.addHandler(ears)
    root.setLevel(logging.DEBUG)
    try:
        yield ears.said
    finally:
        root.removeHandler(ears)
        root.setLevel(before)


def test_a_shielded_place_is_nowhere(measuring: Measuring, sized: Sized, monkeypatch: pytest.MonkeyPatch) -> None:
    with measuring("T10", seed=SEED) as figure:
        borough = build(sized(short=12, full=500))
        with listening() as logged:
            found, answered, asked = crawled(borough)
        figure.none("words of shielded places on a page, as those not entitled", found=len(found), of=answered)
        written = [("log", plain(line)) for line in logged] + list(kept_anywhere())
        beside = [
            f"{where} {what}"
            for where, text in written
            for each in among(text, borough.hidden)
            for what in told(text, each)
        ]
        figure.none("words of them in logs, caches and sessions", found=len(beside), of=max(len(written), 1))
        seen, missing = seen_by_the_entitled(borough)
        figure.all("places that her own worker reads", found=seen, of=len(borough.hidden) * len(SHOWN))
        again = twins(borough)
        figure.all("second records born shielded", found=born_shielded(again), of=len(again))
        with an_address_in_a_template():
            caught = crawled(replace(borough, hidden=borough.hidden[:12]), ["social_worker"])[0]
        figure.control("an address put into one template", failed=bool(caught), said=f"{len(caught)} words found")
        figure.note(f"{asked:,} pages asked for by {len(borough.others)} roles, each its share; {answered:,} answered.")
        if found or beside or missing:
            figure.note("; ".join([*found, *beside, *missing][:40]))
            print(*found[:60], *beside[:20], *missing[:40], sep="\n")


def test_a_load_that_compares_with_nobody_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the second records: without the comparison they are born open."""
    from kith.record.loading import guarding

    monkeypatch.setattr(guarding, "guard", lambda people, **_: 0)
    with acting(make.SYSTEM):
        borough = build(3)
        again = twins(borough)
    assert born_shielded(again) < len(again)
