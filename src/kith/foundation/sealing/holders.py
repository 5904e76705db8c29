"""Who holds sealed values: each app says so when it starts, so that new keys reach them all and none is forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from .keyring import keyring
from .seals import BEGINS, rewrap, sealed_with


class Holder(Protocol):
    """A place with sealed values."""

    name: str

    def heads(self) -> Iterable[bytes]:
        """The beginning of every value, enough to tell its key."""
        ...

    def renew(self) -> int:
        """Wrap every value's key again by the newest; how many were."""
        ...


@dataclass(frozen=True)
class Column:
    """A column of sealed bytes: `model` as "app.Model"."""

    model: str
    column: str

    @property
    def name(self) -> str:
        """The column, as the check names it."""
        return f"{self.model}.{self.column}"

    def heads(self) -> Iterator[bytes]:
        """The beginning of every value."""
        for _, sealed in self._rows():
            yield bytes(sealed)[:BEGINS]

    def renew(self) -> int:
        """Row by row, while people work: a row that was saved meanwhile has the newest key already."""
        renewed = 0
        for pk, sealed in list(self._rows()):
            if sealed_with(sealed) != keyring().current:
                here = self._table.filter(**{"pk": pk, self.column: sealed})
                renewed += here.update(**{self.column: rewrap(sealed)})
        return renewed

    def _rows(self) -> Iterator[tuple[int, bytes]]:
        found = self._table.exclude(**{self.column: None}).exclude(**{self.column: b""})
        yield from found.values_list("pk", self.column).order_by("pk").iterator()

    @property
    def _table(self) -> Any:
        from django.apps import apps

        return apps.get_model(self.model)._base_manager


_holders: dict[str, Holder] = {}


def holds(holder: Holder) -> None:
    """Say that sealed values are held here. Call it in the app's ready()."""
    _holders[holder.name] = holder


def holders() -> list[Holder]:
    """Everything that holds sealed values, by name."""
    return [_holders[name] for name in sorted(_holders)]


def in_use() -> dict[str, Counter[str]]:
    """How many values each key wraps, for each holder."""
    return {each.name: Counter(sealed_with(head) for head in each.heads()) for each in holders()}
