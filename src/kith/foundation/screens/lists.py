"""The list shape: a count that opens exactly the list it counted, and the pages of a long list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from urllib.parse import urlencode

from kith.vocabulary.texts import whole_number

Filters = Mapping[str, object]


def address(path: str, filters: Filters, **more: object) -> str:
    """`path` with the filters that are set, in a steady order; a list gives its name once for each value."""
    chosen = {key: value for key, value in {**filters, **more}.items() if value not in (None, "", [], ())}
    return f"{path}?{urlencode(sorted(chosen.items()), doseq=True)}" if chosen else path


@dataclass(frozen=True)
class Listing:
    """How many, and by which filters they were counted: following `url` lists those and no others."""

    title: str
    filters: Filters
    count: int
    path: str

    @property
    def url(self) -> str:
        """Where the list is."""
        return address(self.path, self.filters)


@dataclass(frozen=True)
class Pages:
    """One page of a long list. `number` counts from 1."""

    path: str
    filters: Filters
    count: int
    number: int
    size: int = 50

    @property
    def last(self) -> int:
        """The number of the last page; an empty list has one page."""
        return max(1, ceil(self.count / self.size))

    @property
    def rows(self) -> slice:
        """The rows of this page, as a slice of the whole list."""
        return slice((self.number - 1) * self.size, self.number * self.size)

    @property
    def numbers(self) -> list[int]:
        """The page numbers worth a link: the first, the last and those around this one; 0 stands for a gap."""
        near = sorted({1, self.last, *range(max(1, self.number - 1), min(self.last, self.number + 1) + 1)})
        gapped: list[int] = []
        for number in near:
            if gapped and number - gapped[-1] > 1:
                gapped.append(0)
            gapped.append(number)
        return gapped

    def url(self, number: int) -> str:
        """Where page `number` is."""
        return address(self.path, self.filters, page=number if number > 1 else None)


def page_asked_for(*, path: str, filters: Filters, count: int, asked: str | None, size: int = 50) -> Pages:
    """The page that `asked` names, brought inside the list: nonsense is page 1, too far is the last."""
    number = whole_number(asked or "") or 1
    whole = Pages(path=path, filters=filters, count=count, number=1, size=size)
    return Pages(path=path, filters=filters, count=count, number=min(number, whole.last), size=size)
