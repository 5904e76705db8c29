"""A query whose words are put together once: each time it is asked, only its values are new.

Django writes a query anew every time it is asked, which cost a page more than the asking. What every page asks has its
words kept here. The query is built of the ORM as any other, with `Given` wherever a value comes only with the asking.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain, repeat
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, DateField, DateTimeField, Expression, Field, Q, QuerySet

SHAPES = 200  # kept of one query
FEW = 8  # rows asked for by their numbers in words that are put together once: as many as one save is about


@dataclass(frozen=True)
class Blank:
    """Where a given value goes, among the values of a query."""

    name: str
    sent: Callable[[Any, Any], Any]  # the value and the connection, to what the database is sent


class Given(Expression):
    """A value that comes with each asking, by name; its field says how the database takes it."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        """Name it; two of one name are one value."""
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """A mark in the words, a blank among the values."""
        return "%s", [Blank(self.name, self.output_field.get_db_prep_value)]


def number(name: str) -> Given:
    """A row's number, given with each asking; where it is longer than any row's can be, no row is found."""
    return Given(name, _Number())


def day(name: str, *, before: int = 0) -> Given:
    """A day, given with each asking; or the one so many days before it."""
    return Given(name, _DaysBefore(before) if before else DateField())


def moment(name: str) -> Given:
    """A moment, given with each asking."""
    return Given(name, DateTimeField())


class Few:
    """A few numbers that come with each asking, for `column`: said one by one, which the databases find by an index.

    How many there may be belongs to the query, so it is one of a few sizes; `values` fills the rest with the first.
    """

    def __init__(self, name: str, many: int) -> None:
        """Room for at least so many."""
        self.names = [f"{name}_{at}" for at in range(1 << max(many - 1, 0).bit_length())]

    def __call__(self, column: str) -> Q:
        """Whether the column holds one of them."""
        found = Q()
        for name in self.names:
            found |= Q(**{column: number(name)})
        return found

    def values(self, numbers: Collection[int]) -> dict[str, int]:
        """What to give when asking; `numbers` must hold one at least, and no more than there is room for."""
        held = sorted(numbers)
        return dict(zip(self.names, chain(held, repeat(held[0])), strict=False))


class _Number(BigIntegerField):  # type: ignore[type-arg]
    """A number that a row can have."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """The number, as the database takes it; EmptyResultSet where it takes none so long, as the ORM says it."""
        if value is not None and abs(value) > self.MAX_BIGINT:
            raise EmptyResultSet
        return super().get_db_prep_value(value, connection, prepared)


class _DaysBefore(DateField):  # type: ignore[type-arg]
    """A day, of which the database is sent the one so many days before."""

    def __init__(self, days: int) -> None:
        super().__init__()
        self.days = days

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """That day, as the database takes it."""
        return super().get_db_prep_value(value - timedelta(days=self.days), connection, prepared)


class Prepared:
    """A query to ask many times. `build` makes it, of the ORM, with a `Given` for each value that is not known yet.

    Which rows there are to read, in what order and with what beside them is fixed when it is first asked.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        """Nothing is built before it is first asked, so that this may stand in a module."""
        self._build = build
        self._made: dict[str, tuple[QuerySet[Any, Any], Any, str, tuple[Any, ...]] | None] = {}

    def ask(self, **given: Any) -> list[Any]:
        """The rows, as the query built would give them; raises KeyError where a value is not given."""
        if connection.vendor not in self._made:
            self._made[connection.vendor] = self._put_together()
        ready = self._made[connection.vendor]
        if ready is None:
            return []
        made, compiler, words, values = ready
        try:
            sent = tuple(
                each.sent(given[each.name], connection) if isinstance(each, Blank) else each for each in values
            )
        except EmptyResultSet:
            return []
        asking = copy.copy(compiler)
        asking.connection, asking.as_sql = connection, lambda *_, **__: (words, sent)
        query = _lightly(made.query)
        query.get_compiler = lambda *_, **__: asking
        rows = type(made)(model=made.model, query=query, using=connection.alias)
        rows._iterable_class, rows._fields = made._iterable_class, made._fields
        return list(rows)

    def _put_together(self) -> tuple[QuerySet[Any, Any], Any, str, tuple[Any, ...]] | None:
        made = self._build()
        compiler = made.query.get_compiler(connection=connection)
        try:
            words, values = compiler.as_sql()
        except EmptyResultSet:  # its conditions leave no row, whatever is given
            return None
        return made, compiler, words, tuple(values)


OneOf = Callable[[str], Q]  # of a column, that it holds one of some numbers


class OfSome:
    """A query of some rows by their numbers: of a few, its words are put together once; of more, each time anew.

    `build` makes it, given what says of a column that it holds one of the numbers.
    """

    def __init__(self, build: Callable[[OneOf], QuerySet[Any, Any]]) -> None:
        """Nothing is built before it is first asked, so that this may stand in a module."""
        self._build = build
        self._of_few = lru_cache(maxsize=None)(lambda many: Prepared(lambda: build(Few("number", many))))

    def ask(self, numbers: Collection[int]) -> list[Any]:
        """The rows of these numbers."""
        if not 0 < len(numbers) <= FEW:
            return list(self._build(lambda column: Q(**{f"{column}__in": numbers})))
        few = Few("number", len(numbers))
        return self._of_few(len(few.names)).ask(**few.values(numbers))


class Shaped:
    """A query prepared once for each shape of the conditions it is asked with: which columns they name, and how.

    `build` is given the conditions, with a blank for each number, day or moment in them, and makes the query.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        """Nothing is built before it is first asked."""
        self._ready = lru_cache(maxsize=SHAPES)(lambda shape: Prepared(lambda: build(*shape.conditions, **shape.fixed)))

    def ask(self, *conditions: Q, fixed: Mapping[str, Hashable] | None = None, **given: Any) -> list[Any]:
        """The rows. `fixed` are words of the query that `build` takes besides; `given` are other values in it."""
        values = dict(given)
        blank = [_blank(each, values) for each in conditions]
        return self._ready(_Shape(blank, dict(fixed or {}))).ask(**values)


class _Shape:
    """Conditions without their values: as another where they would make the same words."""

    def __init__(self, conditions: list[tuple[Q, tuple[Hashable, ...]]], fixed: dict[str, Hashable]) -> None:
        self.conditions, self.fixed = [each for each, _ in conditions], fixed
        self._key = (tuple(key for _, key in conditions), tuple(fixed.items()))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shape) and self._key == other._key


def _blank(condition: Q, values: dict[str, Any]) -> tuple[Q, tuple[Hashable, ...]]:
    """The condition with blanks for what changes from one asking to the next, and what remains of it as a key."""
    children, key = [], [condition.connector, condition.negated]
    for child in condition.children:
        if isinstance(child, Q):
            blank, part = _blank(child, values)
            children.append(blank)
            key.append(part)
            continue
        column, value = child
        name = f"value_{len(values)}"
        given = _given(name, value)
        if given is not None:
            values[name] = value
        children.append((column, value if given is None else given))
        key.append((column, repr(value) if given is None else type(given.output_field)))
    return Q.create(children, connector=condition.connector, negated=condition.negated), tuple(key)


def _given(name: str, value: Any) -> Given | None:
    """A blank for a value; None for one that is a word of the query."""
    if value is None or isinstance(value, bool | str | list | tuple | set | frozenset):
        return None
    if isinstance(value, int) or hasattr(value, "sent"):  # a number, or very many that are sent as one value
        return number(name)
    if isinstance(value, datetime):
        return moment(name)
    if isinstance(value, date):
        return day(name)
    raise TypeError(f"A condition on a {type(value).__name__} cannot be prepared: say it in the query itself.")


def _lightly(query: Any) -> Any:
    """A copy that shares everything with the query: nothing is added to it, so nothing needs to be its own."""
    light = object.__new__(type(query))
    light.__dict__ = query.__dict__.copy()
    return light
