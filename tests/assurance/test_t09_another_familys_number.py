"""T9: a number of another family, put anywhere that a request carries one, shows nothing and changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client

from kith.foundation.access.checks import routes
from kith.record.deadlines import sources
from kith.record.deadlines.held import judged_by
from kith.record.people.models import Person
from kith.record.people.queries import NotFound
from kith.record.people.standing import EVERYBODY, Standing
from kith.statutory.timescales.facts import facts_from
from tests.architecture.hidden_world import build
from tests.architecture.test_hidden import Visitor, asked_names, hidden_paths, told
from tests.assurance.kit import FULL, Measuring
from tests.assurance.walls import second_wall_down

FORMS = (
    "/visits/new/?child={person}",
    "/visits/{visit}/change/",
    "/strategy-meetings/new/?child={person}",
    "/strategy-meetings/{strategy_meeting}/",
    "/promises/new/?child={person}",
    "/promises/{promise}/",
    "/promises/{promise}/change/",
    "/children/{person}/story/",
    "/children/{person}/record/",
    "/deadlines/{deadline}/why/",
    "/people/{person}/barred/",
    "/people/{person}/access/",
    "/people/{person}/restrictions/",
    "/work/assessment/{assessment}/",
    "/drafts/",
)
LISTS = ("/deadlines/", "/work/", "/work/visit/", "/promises/", "/people/", "/visits/new/", "/promises/new/", "/")
MADE_OF_NUMBERS = re.compile(r"^\d+$|^(?:\w+:)?(?:child|step|person|part|promise):[\w.-]+$")
KINDS = ("person", "step", "part", "promise", "deadline")


@dataclass
class Form(HTMLParser):
    """One form of a page: where it goes, and every field of it with what it holds."""

    action: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()


class Forms(HTMLParser):
    """The forms of a page that are posted."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.found, self.now = path, list[Form](), None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form begins; a field of the one that has begun."""
        given = dict(attrs)
        if tag == "form":
            posted = (given.get("method") or "").lower() == "post"
            self.now: Form | None = Form(given.get("action") or self.path) if posted else None
            self.found += [self.now] if self.now else []
        elif self.now is not None and tag in ("input", "textarea", "select", "button") and given.get("name"):
            self.now.fields.setdefault(str(given["name"]), []).append(given.get("value") or "1")

    def handle_endtag(self, tag: str) -> None:
        """A form ends."""
        if tag == "form":
            self.now = None


@dataclass
class Swept:
    """What the sweep did and found."""

    tried: int = 0
    leaks: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    theirs: dict[str, tuple[int, int]] = field(default_factory=dict)  # as it was: each try is taken back


@pytest.mark.both
def test_t09_another_familys_number(measuring: Measuring, record: None, quiet: None) -> None:
    with measuring("T9", seed=9) as figure:
        with _world() as visitor:
            swept = _sweep(visitor)
        figure.none("leaks", found=len(swept.leaks), of=swept.tried)
        figure.none("writes", found=len(swept.writes), of=swept.tried)
        figure.note(f"{swept.tried:,} requests with another family's number: in paths, in queries, in fields of forms.")
        assert not swept.leaks and not swept.writes, (swept.leaks, swept.writes)
        figure.control("one view looks a row up without asking the door", failed=_notices(_unscoped), said="a leak")
        figure.control("writing asks nothing", failed=_notices(_all_open), said="a leak or a write")


@pytest.mark.postgres
def test_t09_behind_the_second_wall_alone(measuring: Measuring, record: None, quiet: None) -> None:
    """Every query forgets to ask who may see what: on PostgreSQL the wall alone answers, for what is read and sent."""
    if connection.vendor != "postgresql":
        pytest.skip("the second wall is PostgreSQL's own: SQLite has none")
    with measuring("T9", seed=9, part="the second wall alone") as figure:
        with pytest.MonkeyPatch.context() as patch, _world() as visitor:
            _all_open(patch)
            swept = _sweep(visitor, wide=False)
        figure.none("leaks", found=len(swept.leaks), of=swept.tried)
        figure.none("writes", found=len(swept.writes), of=swept.tried)
        figure.note(f"{swept.tried:,} requests with another family's number; no query asked who may see what.")
        assert not swept.leaks and not swept.writes, (swept.leaks, swept.writes)
        figure.control("the wall taken down as well", failed=_notices(_all_open), said="a leak or a write")


def _sweep(visitor: Visitor, *, wide: bool = FULL) -> Swept:
    """Every route and form; `wide`: with every number that fits each, and each list by every name."""
    swept = Swept()
    patterns = sorted(pattern for pattern, _ in routes())
    for pattern in patterns if FULL else patterns[::6]:
        for path, number in hidden_paths(pattern, visitor.world, few=not wide):
            for method in ("get", "post"):
                _try(visitor, swept, method, path.replace("#", str(number)))
    numbers = [visitor.world.hidden[kind][0] for kind in KINDS]
    for path, name, number in product(LISTS if wide else LISTS[:2], asked_names(), numbers if wide else numbers[:1]):
        _try(visitor, swept, "get", path, {name: str(number)})
    forms = _forms(visitor)
    for form in forms if FULL else forms[::3]:
        _swap(visitor, swept, form)
    return swept


def _forms(visitor: Visitor) -> list[Form]:
    """Every form of the pages of the child who is there, each once for each place it goes."""
    from kith.record.steps.models import Step

    shown = visitor.world.shown
    steps = Step.objects.filter(pk__in=shown["step"]).values_list("kind", "pk")
    given = {kind: numbers[0] for kind, numbers in shown.items()} | dict(steps)
    found: dict[str, Form] = {}
    for each in FORMS:
        path = each.format(**given)
        forms = Forms(path)
        forms.feed(visitor.ask("get", path)[2])
        found |= {f"{form.action} {sorted(form.fields)}": form for form in forms.found if "sign-out" not in form.action}
    return list(found.values())


def _swap(visitor: Visitor, swept: Swept, form: Form) -> None:
    """Each number in the form's fields and address, one after another, for each kind of number of the other family."""
    whole = {name: list(values) for name, values in form.fields.items() if name != "csrfmiddlewaretoken"}
    hidden = [visitor.world.hidden[kind][0] for kind in KINDS]
    for name, values in whole.items():
        if not any(MADE_OF_NUMBERS.match(each) for each in values):
            continue
        for number in hidden if FULL else hidden[:1]:
            _try(visitor, swept, "post", form.action, whole | {name: [str(number)]})
    for number, found in product(hidden if FULL else hidden[:1], set(re.findall(r"\d{2,}", form.action))):
        _try(visitor, swept, "post", form.action.replace(found, str(number)), whole)


def _try(visitor: Visitor, swept: Swept, method: str, path: str, data: Any = None) -> None:
    """Ask, look whether the answer tells of the hidden or anything of theirs was changed, and take it back."""
    swept.tried += 1
    with transaction.atomic():
        swept.theirs = swept.theirs or _theirs(visitor)
        status, _, body = visitor.ask(method, path, data, undo=False)
        if method == "post" and _theirs(visitor) != swept.theirs:
            swept.writes.add(f"{method} {path} {data}")
        transaction.set_rollback(True)
    sent = "".join(str(value) for value in (data or {}).values()) + path
    if status < 300 and [each for each in told(body) if each not in sent]:
        swept.leaks.add(f"{method} {path} {data}: {told(body)}")


PERSONAL = [
    (each, "person_id")
    for each in apps.get_models()
    if each.__module__.startswith("kith.record.") and any(column.attname == "person_id" for column in each._meta.fields)
]


def _theirs(visitor: Visitor) -> dict[str, tuple[int, int]]:
    """How many rows each table holds of the hidden, and the sum of their versions."""
    hidden, found = visitor.world.hidden["person"], {}
    for model, column in PERSONAL:
        rows = model._default_manager.filter(**{f"{column}__in": hidden})
        versioned = any(each.attname == "version" for each in model._meta.fields)
        found[model._meta.label] = (
            rows.count(),
            sum(rows.values_list("version", flat=True)) if versioned else 0,
        )
    return found


@contextmanager
def _world() -> Iterator[Visitor]:
    with transaction.atomic():
        world, client = build("team_manager"), Client()
        # their facts are held, as after a load: the first of its kind would move everybody's clocks
        judged_by(facts_from(sources.steps(None), sources.periods(None)))
        client.force_login(world.viewer.account)
        yield Visitor(world, client)
        transaction.set_rollback(True)


def _unscoped(patch: pytest.MonkeyPatch) -> None:
    from kith.record.promises import views

    def anybody(viewer: Any, pk: int) -> Person:
        found = Person.objects.filter(pk=pk).first()
        if found is None:  # the numbers tried are of other things too
            raise NotFound("person", pk)
        return found

    patch.setattr(views, "person_for", anybody)


def _all_open(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Standing, "may_open", lambda self, column, only=None: EVERYBODY)


def _notices(broken: Any) -> bool:
    with pytest.MonkeyPatch.context() as patch, _world() as visitor:
        second_wall_down()
        broken(patch)
        swept, hidden = Swept(), visitor.world.hidden
        _try(visitor, swept, "get", "/promises/new/", {"child": str(hidden["person"][0])})
        for form in _forms(visitor):
            if form.action.startswith("/promises/"):
                _swap(visitor, swept, form)
        return bool(swept.leaks or swept.writes)
