"""What every part of the invented borough shares: chance, the calendar, targets, rows and numbering."""

import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from kith.synthetic.days import Days
from kith.vocabulary.working_days import england

DATA = Path(__file__).parent / "data"
Row = dict[str, Any]
YEARS = 5


@cache
def settings(name: str) -> Mapping[str, Any]:
    """Read one of the generator's own data files: "targets", "names" or "words"."""
    return tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))


class Balance:
    """Chance that keeps its promises: over any run of draws each share is met almost exactly.

    A plain die over 300 draws strays by several points; a published rate must not. Each draw picks among
    the answers that are behind their share, weighted by how far behind they are.
    """

    def __init__(self, shares: Mapping[str, float]) -> None:
        """Keep the shares (any scale; they are made to add to one)."""
        total = sum(shares.values())
        self._answers = [answer for answer, share in shares.items() if share > 0]
        self._shares = [share / total for share in shares.values() if share > 0]
        self._given = [0.0] * len(self._answers)
        self._drawn = 0.0

    def give(self, answer: str, weight: float = 1.0) -> None:
        """Count an answer that was settled elsewhere, so that the draws that follow make room for it."""
        self._drawn += weight
        self._given[self._answers.index(answer)] += weight

    def pick(self, chance: random.Random, weight: float = 1.0) -> str:
        """Give the next answer; `weight` is how many children it stands for."""
        self._drawn += weight
        drawn = self._drawn
        behind = [
            (share * drawn - given if share * drawn > given else 0.0) + 0.05 * share
            for share, given in zip(self._shares, self._given, strict=True)
        ]
        point, index = chance.random() * sum(behind), 0
        while index < len(behind) - 1 and point >= behind[index]:
            point -= behind[index]
            index += 1
        self._given[index] += weight
        return self._answers[index]


class Rows:
    """The rows made so far, by table; each is a plain dict that a later part may still complete."""

    def __init__(self) -> None:
        """Start with no table."""
        self.tables: dict[str, list[Row]] = {}

    def add(self, table: str, **values: Any) -> Row:
        """Keep one row and give it back."""
        self.tables.setdefault(table, []).append(values)
        return values

    def of(self, table: str) -> list[Row]:
        """Give the rows of a table, none if it was never filled."""
        return self.tables.get(table, [])


@dataclass
class World:
    """The one invented borough while it is being made."""

    chance: random.Random
    on: date
    days: Days
    seed: int = 0
    borough: int = 0
    rows: Rows = field(default_factory=Rows)
    balances: dict[str, Balance] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    @property
    def start(self) -> date:
        """The first day of the five years."""
        return self.on - timedelta(days=round(YEARS * 365.25) - 1)

    def year(self, day: date) -> int:
        """Say which of the five years `day` is in: 0 the oldest (and all before), 4 the one that ends on `on`."""
        return max(0, min(YEARS - 1, YEARS - 1 - int((self.on - day).days // 365.25)))

    def id(self, kind: str) -> str:
        """Give the next id of a kind, such as "R1000045": the kind, the borough, a number."""
        number = self.counters.get(kind, 0) + 1
        self.counters[kind] = number
        return f"{kind}{self.borough + 1:02d}{number:06d}"

    def share(self, name: str, shares: Mapping[str, float], weight: float = 1.0) -> str:
        """Draw from shares that are kept almost exactly over the run of draws under `name`."""
        if name not in self.balances:
            self.balances[name] = Balance(shares)
        return self.balances[name].pick(self.chance, weight)

    def happens(self, name: str, percent: float, weight: float = 1.0) -> bool:
        """Draw yes or no so that yes comes `percent` times in a hundred under `name`."""
        if name not in self.balances:
            self.balances[name] = Balance({"yes": percent, "no": 100 - percent})
        return self.balances[name].pick(self.chance, weight) == "yes"

    @contextmanager
    def aside(self, name: str) -> Iterator[None]:
        """Draw from a chance of its own for a while, so that a change here leaves every other story alone."""
        main, self.chance = self.chance, random.Random(f"{self.seed}/{name}")
        try:
            yield
        finally:
            self.chance = main

    def between(self, low: int, high: int) -> int:
        """Draw a whole number; both ends count."""
        return self.chance.randint(low, high)

    def one(self, items: Sequence[Any]) -> Any:
        """Draw one of the items."""
        return items[int(self.chance.random() * len(items))]

    def later(self, day: date, low: int, high: int) -> date:
        """Give a working day `low` to `high` working days after `day`."""
        return self.days.add(day, self.chance.randint(low, high))

    def happened(self, day: date | None) -> date | None:
        """Give the day if the story has reached it, otherwise nothing: what is to come is not recorded."""
        return day if day is not None and day <= self.on else None

    def time(self, first: int = 9, last: int = 16) -> str:
        """Draw a clock time between two hours, to five minutes."""
        return f"{self.chance.randint(first, last):02d}:{self.chance.randrange(0, 60, 5):02d}"


def new_world(*, seed: int, on: date, borough: int) -> World:
    """Make an empty world whose chance is fixed by the seed and the borough's number."""
    days = Days(first=date(2000, 1, 3), last=on + timedelta(days=1500), holidays=england().holidays)
    return World(chance=random.Random(f"{seed}/{borough}"), on=on, days=days, seed=seed, borough=borough)
