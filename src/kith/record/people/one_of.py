"""`column__one_of=Ids(…)`: among very many numbers, sent to the database as one value instead of one for each."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db.models import BigIntegerField, ForeignKey, Lookup

from kith.foundation.prepared import Blank, Given

LISTED = "(SELECT value FROM json_each(%s))"


class Ids:
    """A set of numbers, as a lookup takes them. Made once, used in many queries."""

    def __init__(self, numbers: Iterable[int]) -> None:
        """Keep them in order, so that the same numbers make the same query."""
        self.numbers = sorted(set(numbers))

    @cached_property
    def listed(self) -> str:
        """The numbers with commas between them."""
        return ",".join(map(str, self.numbers))

    def __bool__(self) -> bool:
        return bool(self.numbers)

    def sent(self, connection: Any) -> Any:
        """The one value that the database is sent: an array as PostgreSQL writes it, or a list as JSON does."""
        return f"{{{self.listed}}}" if connection.vendor == "postgresql" else f"[{self.listed}]"


@ForeignKey.register_lookup
@BigIntegerField.register_lookup
class OneOf(Lookup):  # type: ignore[type-arg]
    """Whether a column's number is among those given."""

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:
        """SQLite reads them out of a JSON list."""
        left, params = self.process_lhs(compiler, connection)
        return f"{left} IN {LISTED}", [*params, self._sent(connection)]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """PostgreSQL has arrays."""
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s::bigint[])", [*params, self._sent(connection)]

    def _sent(self, connection: Any) -> Any:
        if isinstance(self.rhs, Given):
            return Blank(self.rhs.name, lambda ids, to: ids.sent(to))
        return self.rhs.sent(connection)
