"""From whom a person's whereabouts are kept: the shielded, and everybody who lives with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model, QuerySet

from kith.foundation.access.viewer import Viewer

from .models import Address, Person, Tie
from .one_of import Ids
from .standing import standing_of
from .whereabouts import OPEN, Veil, places_of, told_by, veil_of, withhold

_pinned: ContextVar[frozenset[int] | None] = ContextVar("pinned", default=None)


@contextmanager
def decided(viewer: Viewer, people: Iterable[int]) -> Iterator[None]:
    """Inside, whose whereabouts are withheld of these people is as it is now, whatever the tables say meanwhile."""
    token = _pinned.set(frozenset(withheld_among(viewer, people)))
    try:
        yield
    finally:
        _pinned.reset(token)


def withheld_from(viewer: Viewer) -> Ids:
    """Everybody whose whereabouts this viewer may not know, for `person__one_of`.

    A person is shielded by a restriction of her own, or by living with somebody who has one. The policy table says
    whose relationship to her shows where she is.
    """
    if (pinned := _pinned.get()) is not None:
        return Ids(pinned)
    return standing_of(viewer).withheld


def places_kept_back(viewer: Viewer, person: int) -> bool:
    """Whether the whereabouts of one person are withheld from this viewer."""
    return bool(withheld_among(viewer, (person,)))


def withheld_among(viewer: Viewer, people: Iterable[int]) -> set[int]:
    """Those of these people whose whereabouts are withheld from this viewer."""
    if (pinned := _pinned.get()) is not None:
        return pinned.intersection(people)
    standing = standing_of(viewer)
    kept_back = {person for person in people if standing.keeps_places_back(person)}  # if they are shielded
    return set(standing.shielded_of(kept_back))


def veil_over(people: Iterable[int]) -> Veil:
    """The veil over every place known of these people, who must be those withheld; an open one for nobody."""
    ids = set(people)
    if not ids:
        return OPEN
    tied = Tie.objects.filter(person_id__in=ids).values_list("other_id", flat=True)
    return veil_of(places_of(sorted({*ids, *tied})))


def mark_withheld(viewer: Viewer, rows: Iterable[Any]) -> None:
    """Mark rows, each of a `person_id`, as `for_viewer` would have, and take out what is not for this viewer."""
    rows = list(rows)
    kept_back = withheld_among(viewer, {row.person_id for row in rows})
    for row in rows:
        row.withheld = row.person_id in kept_back
    veil_rows(rows)


def veil_rows(rows: Iterable[Model]) -> None:
    """Take whereabouts out of those rows, each of a `person_id`, that are marked `withheld`: a query if there are."""
    kept_back = [row for row in rows if getattr(row, "withheld", False)]
    veil = veil_over({row.person_id for row in kept_back})  # type: ignore[attr-defined]
    for row in kept_back:
        withhold(row, veil)
        if (person := row._state.fields_cache.get("person")) is not None:
            withhold(person, veil)


class VeiledRows(QuerySet[Any, Any]):
    """Rows about one person each. Read `for_viewer`, they come without what this viewer may not know of places."""

    _viewer: Viewer | None = None

    def for_viewer(self, viewer: Viewer) -> VeiledRows:
        """The same rows, each marked `withheld` where it is about somebody whose whereabouts are."""
        rows: VeiledRows = self._chain()  # type: ignore[attr-defined]
        rows._viewer = viewer
        return rows

    def _clone(self) -> VeiledRows:
        rows: VeiledRows = super()._clone()  # type: ignore[misc]
        rows._viewer = self._viewer
        return rows

    def _fetch_all(self) -> None:
        read = self._result_cache is None
        super()._fetch_all()
        if read and self._viewer is not None:
            mark_withheld(self._viewer, [row for row in self._result_cache if isinstance(row, Model)])


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
