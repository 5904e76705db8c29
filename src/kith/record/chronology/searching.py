"""What a list of people found says of each: a query for the people, one for what is open and who is tied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import JSONObject

from kith.foundation.access.viewer import Viewer
from kith.foundation.prepared import Prepared, day, number
from kith.record.people.access import among, known
from kith.record.people.models import Address, Alias, Involvement, Person, Relationship
from kith.record.people.one_of import Ids
from kith.record.people.shields import withheld_among
from kith.record.periods.models import Period

NO_CHILD = Value(None, output_field=BigIntegerField())
NO_DAY = Value(None, output_field=DateField())


@dataclass
class Around:
    """What stands around one person found."""

    open: list[tuple[str, str, date | None]] = field(default_factory=list)  # kind, code, since
    children: list[tuple[int, str, str]] = field(default_factory=list)  # id, name, who this person is to them
    hidden_ties: int = 0  # ties to children the viewer may not know of; never shown, only counted here


def people_found(viewer: Viewer, ids: Sequence[int]) -> dict[int, Any]:
    """These people, of those the viewer may know of, each with today's address, allocated worker and team."""
    all_but, these = known(viewer)
    rows = _people(all_but).ask(ids=Ids(ids), these=these, withheld=Ids(withheld_among(viewer, ids)))
    return {row.pk: row for row in rows}


@cache
def _people(all_but: bool) -> Prepared:
    return Prepared(lambda: _as_shown(Person.objects.filter(among("pk", all_but=all_but), pk__one_of=number("ids"))))


def _as_shown(rows: QuerySet[Person]) -> QuerySet[Person]:
    now = Involvement.objects.filter(person=OuterRef("pk"), ended_on=None, role__istartswith="allocated")
    who = JSONObject(worker="worker__name", team="team__name", email="worker__account__email")
    lives = Address.objects.filter(person=OuterRef("pk"), ended_on=None).exclude(person__one_of=number("withheld"))
    lived = lives.order_by(F("started_on").desc(nulls_last=True))
    alias = Alias.objects.filter(person=OuterRef("pk")).order_by("pk")
    return rows.annotate(
        address=Subquery(lived.values(json=JSONObject(lines="lines", postcode="postcode"))[:1]),
        allocated=Subquery(now.order_by("-started_on").values(json=who)[:1]),
        alias=Subquery(alias.values(json=JSONObject(forename="forename", surname="surname"))[:1]),
    )


def around(viewer: Viewer, ids: Sequence[int], *, on: date) -> dict[int, Around]:
    """What is open for each of these people, and the children they are tied to, in one query."""
    found: dict[int, Around] = defaultdict(Around)
    all_but, these = known(viewer)
    rows = _open_and_tied(all_but).ask(ids=Ids(ids), these=these, today=on)
    for what, person, kind, code, since, child, forename, surname, seen in rows:
        if what == "open":
            found[person].open.append((kind, code, since))
        elif not seen:
            found[person].hidden_ties += 1
        else:
            found[person].children.append((child, f"{forename} {surname}".strip(), kind))
    return found


@cache
def _open_and_tied(all_but: bool) -> Prepared:
    return Prepared(lambda: _open().union(_ties(all_but), all=True))


def _open() -> QuerySet[Any, Any]:
    now = Q(ended_on=None) | Q(ended_on__gt=day("today"))
    rows = Period.objects.filter(now, person_id__one_of=number("ids"), voided_at=None, started_on__lte=day("today"))
    nothing = (NO_CHILD, _text(""), _text(""), Value(1))
    return rows.exclude(kind__in=("care_episode", "home", "legal_status", "immigration")).values_list(
        _text("open"), "person_id", "kind", "code", "started_on", *nothing
    )


def _ties(all_but: bool) -> QuerySet[Any, Any]:
    """The children these people are tied to; those hidden from the viewer are marked, not named."""
    may = Case(When(among("person_id", all_but=all_but), then=Value(1)), default=Value(0), output_field=IntegerField())
    rows = Relationship.objects.filter(other_id__one_of=number("ids"), ended_on=None).exclude(kind="brother_or_sister")
    child = Person.objects.filter(pk=OuterRef("person_id"))  # read apart: a hidden child's tie is counted all the same
    names = ("person_id", Subquery(child.values("forename")[:1]), Subquery(child.values("surname")[:1]))
    return rows.values_list(_text("tie"), "other_id", "kind", _text(""), NO_DAY, *names, may)


def _text(words: str) -> Any:
    return Value(words, output_field=CharField())


def may_be_shown(person: Person, tied: Around) -> bool:
    """A grown-up whose only ties are to children the viewer may not know of would give those children away."""
    return person.is_child or not tied.hidden_ties or bool(tied.children)
