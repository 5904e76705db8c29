"""Which facts answer which rows of a table of what is looked for: by fact, code, outcome and whether it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from kith.statutory.timescales.numbering import Said

_Told = tuple[str, str | None, str | None, bool | None]  # fact, code, outcome, counts


def matching(dated: pl.LazyFrame, wanted: pl.DataFrame) -> pl.LazyFrame:
    """Each fact with each row of `wanted` that it answers: same fact, and code, outcome and counting as asked."""
    joined = dated.join(wanted.lazy(), on="fact")
    return joined.filter(
        _asked("codes", "code"),
        _asked("outcomes", "outcome"),
        pl.col("must_count").is_null() | (pl.col("counts").fill_null(True) == pl.col("must_count")),
    ).drop("codes", "outcomes", "must_count")


def _asked(wanted: str, held: str) -> pl.Expr:
    return pl.col(wanted).is_null() | pl.col(wanted).list.contains(pl.col(held)).fill_null(False)


class Matches:
    """The same, for the few hundred different things the facts of a whole nation say; each is looked up once."""

    def __init__(self, wanted: Iterable[Mapping[str, Any]]) -> None:
        self._by_fact: dict[str, list[Mapping[str, Any]]] = {}
        for row in wanted:
            self._by_fact.setdefault(row["fact"], []).append(row)
        self._found: dict[_Told, list[Mapping[str, Any]]] = {}

    def of(self, said: Iterable[Said], columns: Sequence[str], schema: Mapping[str, Any]) -> pl.LazyFrame:
        """Each `what` with the named columns of each row that it answers."""
        rows = [
            (what, *[row[name] for name in columns])
            for what, fact, code, outcome, counts in said
            for row in self._rows((fact, code, outcome, counts))
        ]
        kinds = {"what": pl.UInt64, **{name: schema[name] for name in columns}}
        return pl.DataFrame(rows, schema=kinds, orient="row").lazy()

    def _rows(self, said: _Told) -> list[Mapping[str, Any]]:
        if said not in self._found:
            self._found[said] = [row for row in self._by_fact.get(said[0], ()) if _answers(row, said)]
        return self._found[said]


def _answers(row: Mapping[str, Any], said: _Told) -> bool:
    _, code, outcome, counts = said
    return (
        (row["codes"] is None or code in row["codes"])
        and (code is None or code not in row.get("unwanted", ()))
        and (row["outcomes"] is None or outcome in row["outcomes"])
        and (row["must_count"] is None or (counts is not False) == row["must_count"])
    )
