"""`column__one_of=Ids(…)`: among very many numbers, sent to the database as one value instead of one for each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import BigAutoField, ForeignKey, Lookup

LISTED = "(SELECT value FROM json_each(%s))"


class Ids:
    """A set of numbers, as a lookup takes them. Made once, used in many queries."""

    def __init__(self, numbers: Iterable[int]) -> None:
        """Keep them in order, so that the same numbers make the same query."""
        self.numbers = sorted(set(numbers))
        self.text = json.dumps(self.numbers, separators=(",", ":"))

    def __bool__(self) -> bool:
        return bool(self.numbers)


@ForeignKey.register_lookup
@BigAutoField.register_lookup
class OneOf(Lookup):  # type: ignore[type-arg]
    """Whether a column's number is among those given."""

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:
        """SQLite reads them out of a JSON list."""
        left, params = self.process_lhs(compiler, connection)
        return f"{left} IN {LISTED}", [*params, self.rhs.text]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """PostgreSQL has arrays."""
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s::bigint[])", [*params, self.rhs.numbers]
