"""What fails the rules of a return, held as places in its tables and told a part at a time, however much there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

ISSUES: Mapping[str, pl.DataType] = {
    "rule": pl.String(),
    "child": pl.String(),
    "table": pl.String(),
    "row": pl.Int64(),
}
"""One row for each row that fails a rule; `child` and `row` are empty where the whole return fails."""
CHUNK = 50_000  # issues told at a time


@dataclass(frozen=True, eq=False)
class Failing:
    """The rows of one table that fail one rule: their places in `of`, which has `_id` and `_row` of the whole table."""

    rule: str
    table: str
    of: pl.DataFrame
    places: pl.Series

    def told(self, places: pl.Series) -> pl.DataFrame:
        """These of its rows, with the columns of ISSUES."""
        rows = self.of[places]
        return rows.select(
            rule=pl.lit(self.rule), child=pl.col("_id"), table=pl.lit(self.table), row=pl.col("_row").cast(pl.Int64)
        )


def whole_return(rule: str, table: str) -> pl.DataFrame:
    """The one issue of a rule that is about the whole return."""
    return pl.DataFrame({"rule": [rule], "child": [None], "table": [table], "row": [None]}, schema=dict(ISSUES))


class Issues:
    """Issues in order: some as places in a table (four bytes each), others as rows with the columns of ISSUES."""

    def __init__(self, parts: Sequence[Failing | pl.DataFrame] = ()) -> None:
        self._parts = tuple(parts)

    @property
    def parts(self) -> tuple[Failing | pl.DataFrame, ...]:
        """They as they are held."""
        return self._parts

    def __len__(self) -> int:
        return sum(part.height if isinstance(part, pl.DataFrame) else part.places.len() for part in self._parts)

    def chunks(self, size: int = CHUNK) -> Iterator[pl.DataFrame]:
        """Every issue, at most so many at a time: no more than that is ever written out in memory."""
        for part in self._parts:
            if isinstance(part, pl.DataFrame):
                yield from part.iter_slices(size)
            else:
                for start in range(0, part.places.len(), size):
                    yield part.told(part.places.slice(start, size))

    @cached_property
    def frame(self) -> pl.DataFrame:
        """All of them as one table: for a child's, a page's or a report's, and not for millions."""
        found = list(self.chunks())
        return pl.concat(found) if found else pl.DataFrame(schema=dict(ISSUES))

    def first_of(self, rule: str, most: int) -> pl.DataFrame:
        """The first so many issues of one rule, with the columns of ISSUES."""
        found = [pl.DataFrame(schema=dict(ISSUES))]
        for part in self._parts:
            left = most - sum(each.height for each in found)
            if isinstance(part, pl.DataFrame):
                found.append(part.filter(pl.col("rule") == rule).head(left))
            elif part.rule == rule:
                found.append(part.told(part.places.slice(0, left)))
        return pl.concat(found)

    def by_child(self) -> pl.DataFrame:
        """How many `issues` each `child` has: it takes the memory of the children, and not of their issues."""
        counted = pl.DataFrame(schema={"child": pl.String, "issues": pl.Int64})
        for some in together(self.chunks(), CHUNK):
            new = some.filter(pl.col("child").is_not_null()).group_by("child").agg(issues=pl.len().cast(pl.Int64))
            counted = pl.concat([counted, new]).group_by("child").agg(pl.col("issues").sum())
        return counted

    def rules_of(self, children: Sequence[str]) -> pl.DataFrame:
        """The `rules` that rows of each of these children fail, as one text."""
        found = pl.DataFrame(schema={"child": pl.String, "rule": pl.String})
        for some in together(self.chunks(), CHUNK):
            theirs = some.filter(pl.col("child").is_in(list(children))).select("child", "rule")
            found = pl.concat([found, theirs]).unique()
        return found.group_by("child").agg(rules=pl.col("rule").sort().str.join(", "))

    def without(self, rules: Sequence[str]) -> Issues:
        """These but for the issues of some rules."""
        if not rules:
            return self
        parts = [
            part.filter(~pl.col("rule").is_in(rules)) if isinstance(part, pl.DataFrame) else part
            for part in self._parts
            if isinstance(part, pl.DataFrame) or part.rule not in rules
        ]
        return Issues(parts)

    def counts(self) -> dict[str, int]:
        """How many issues each rule has: most first, and of as many by their codes."""
        found: dict[str, int] = {}
        for part in self._parts:
            counted = (
                part["rule"].value_counts().rows()
                if isinstance(part, pl.DataFrame)
                else [(part.rule, len(part.places))]
            )
            for rule, many in counted:
                found[rule] = found.get(rule, 0) + many
        return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))

    @cached_property
    def children(self) -> int:
        """How many different children they are of."""
        places: dict[int, tuple[pl.DataFrame, list[pl.Series]]] = {}
        named = [part["child"] for part in self._parts if isinstance(part, pl.DataFrame)]
        for part in self._parts:
            if isinstance(part, Failing):
                places.setdefault(id(part.of), (part.of, []))[1].append(part.places)
        for of, some in places.values():
            named.append(of["_id"][pl.concat(some).unique()].unique())
        return pl.concat(named).drop_nulls().n_unique() if named else 0


def together(frames: Iterable[pl.DataFrame], size: int) -> Iterator[pl.DataFrame]:
    """The same rows in fewer frames, each of at least so many but the last: most rules have few issues each."""
    held: list[pl.DataFrame] = []
    for frame in frames:
        held.append(frame)
        if sum(each.height for each in held) >= size:
            yield pl.concat(held)
            held = []
    if held:
        yield pl.concat(held)
