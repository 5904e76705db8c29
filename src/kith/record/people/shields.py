"""From whom a person's whereabouts are kept: the shielded, and everybody who lives with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import BooleanField, Case, Model, Q, QuerySet, Value, When

from kith.foundation.access.viewer import Viewer

from .access import SHIELDED
from .models import Address, Involvement, Named, Person, Relationship, Restriction, Tie
from .ties import tied_to
from .whereabouts import OPEN, Veil, places_of, told_by, veil_of, withhold

CHAIN = ("team_manager", "divisional_director")  # those to whom an allocated worker answers
ALLOCATED = "allocated"


_pinned: ContextVar[frozenset[int] | None] = ContextVar("pinned", default=None)


@contextmanager
def decided(viewer: Viewer, people: Iterable[int]) -> Iterator[None]:
    """Inside, whose whereabouts are withheld of these people is as it is now, whatever the tables say meanwhile."""
    token = _pinned.set(frozenset(withheld_among(viewer, people)))
    try:
        yield
    finally:
        _pinned.reset(token)


def withheld_from(viewer: Viewer) -> QuerySet[Any, Any]:
    """Ids of everybody whose whereabouts this viewer may not know: for `pk__in`, as a subquery.

    A person is shielded by a restriction of her own, or by living with somebody who has one: at the same address
    today, or said to be in one household. Entitled are those named for a person, the allocated worker, and those
    to whom that worker answers; each for the people she is entitled to, and for no others.
    """
    if (pinned := _pinned.get()) is not None:
        return Person.objects.filter(pk__in=pinned).order_by().values_list("pk")
    own = Restriction.objects.filter(level=SHIELDED, ended_on=None).values("person_id")
    shielded = own.union(tied_to(own))  # of two records that may be one person, both are shielded at once
    now = Address.objects.filter(ended_on=None).exclude(postcode="")
    theirs = now.filter(person_id__in=shielded)
    there = now.filter(postcode__in=theirs.values("postcode"), lines__in=theirs.values("lines"))
    together = Relationship.objects.filter(in_household=True, ended_on=None).exclude(other=None)
    return _rest(viewer, Restriction.objects.filter(level=SHIELDED, ended_on=None), "person_id").union(
        _rest(viewer, Tie.objects.filter(other_id__in=own), "person_id"),
        _rest(viewer, there, "person_id"),
        _rest(viewer, together.filter(other_id__in=shielded), "person_id"),
        _rest(viewer, together.filter(person_id__in=shielded), "other_id"),
    )


def _rest(viewer: Viewer, rows: QuerySet[Any, Any], column: str) -> QuerySet[Any, Any]:
    """The people of these rows, less those whose whereabouts the viewer is entitled to."""
    named = Named.objects.filter(worker_id=viewer.worker, ended_on=None).values("person_id")
    working = Involvement.objects.filter(_answers_for(viewer), ended_on=None, role__istartswith=ALLOCATED)
    held = {f"{column}__in": working.exclude(person_id=None).values("person_id")}
    return rows.exclude(**{f"{column}__in": named}).exclude(**held).order_by().values_list(column)


def _answers_for(viewer: Viewer) -> Q:
    mine = Q(worker_id=viewer.worker)
    if viewer.role not in CHAIN:
        return mine
    teams = list(viewer.teams)
    above = Q(team_id__in=teams) | Q(team__parent_id__in=teams) | Q(team__parent__parent_id__in=teams)
    return mine | above


def is_withheld(viewer: Viewer, column: str = "pk") -> Any:
    """Whether the person in `column` is one whose whereabouts are withheld, to annotate a query with."""
    hit = When(**{f"{column}__in": withheld_from(viewer)}, then=Value(True))
    return Case(hit, default=Value(False), output_field=BooleanField())


def withheld_among(viewer: Viewer, people: Iterable[int]) -> set[int]:
    """Those of these people whose whereabouts are withheld from this viewer: one query, none for nobody."""
    ids = list(people)
    if not ids:
        return set()
    return set(Person.objects.filter(pk__in=ids).filter(pk__in=withheld_from(viewer)).values_list("pk", flat=True))


def veil_over(people: Iterable[int]) -> Veil:
    """The veil over every place known of these people, who must be those withheld; an open one for nobody."""
    ids = set(people)
    if not ids:
        return OPEN
    tied = Tie.objects.filter(person_id__in=ids).values_list("other_id", flat=True)
    return veil_of(places_of(sorted({*ids, *tied})))


def veil_rows(rows: Iterable[Model]) -> None:
    """Take whereabouts out of those rows, each of a `person_id`, that are marked `withheld`: a query if there are."""
    kept_back = [row for row in rows if getattr(row, "withheld", False)]
    veil = veil_over({row.person_id for row in kept_back})  # type: ignore[attr-defined]
    for row in kept_back:
        withhold(row, veil)
        if (person := row._state.fields_cache.get("person")) is not None:
            withhold(person, veil)


class VeiledRows(QuerySet[Any, Any]):
    """Rows about one person each. Marked by `for_viewer`, they come without what this viewer may not know of places."""

    def for_viewer(self, viewer: Viewer) -> VeiledRows:
        """The same rows, each marked `withheld` where it is about somebody whose whereabouts are."""
        return self.annotate(withheld=is_withheld(viewer, "person_id"))

    def _fetch_all(self) -> None:
        read = self._result_cache is None
        super()._fetch_all()
        if read and "withheld" in self.query.annotations:
            veil_rows(row for row in self._result_cache if isinstance(row, Model))


def hides_places_of(viewer: Viewer, people: Iterable[int]) -> Callable[[str], str]:
    """What takes out of a text every place of these people that this viewer may not know."""
    return veil_over(withheld_among(viewer, people)).over


def _addresses(people: Iterable[int]) -> Iterable[str]:
    rows = Address.objects.filter(person_id__in=list(people)).values_list("lines", "postcode")
    return [place for row in rows for place in row]


def _phones(people: Iterable[int]) -> Iterable[str]:
    return Person.objects.filter(pk__in=list(people)).exclude(phone="").values_list("phone", flat=True)


told_by(_addresses)
told_by(_phones)
