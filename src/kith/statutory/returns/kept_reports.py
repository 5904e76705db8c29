"""What checking a return found, as one string of bytes to keep: opened again, every page and download is made of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO
from typing import Any

import polars as pl

from kith.statutory.returns.results import Problem
from kith.statutory.returns.returned import Returned
from kith.statutory.returns.rule_issues import CHUNK, ISSUES, Failing, Issues, together
from kith.statutory.returns.rule_reports import UNREAD, Checked
from kith.statutory.returns.rule_running import NotRun, Outcome, Return
from kith.statutory.returns.rules import Rule

ROWS: Mapping[str, pl.DataType] = {
    **ISSUES,
    "file": pl.String(),
    "line": pl.Int64(),
    "says": pl.String(),
    "field": pl.String(),
    "message": pl.String(),
}
"""One row for each issue, those that could not be read first (rule READ, with `field` and `message`).

`says` is a digest of what the row says: two rows of a table with the same digest say the same. It is empty where the
issue is about the whole return, or about a row that could not be read.
"""
_LENGTH = 8  # bytes in front, that say how long the head is
_DIGEST = 12  # bytes: rows of one return that agree by chance are not to be had
_WORKED_OUT = frozenset({"PL_LA", "PL_LOCATION", "PL_DISTANCE"})  # of what came beside the return


@dataclass(frozen=True)
class KeptReport:
    """A report that was kept: the outcome as it was, and a row (ROWS) for each issue of it, in the same order."""

    checked: Checked
    rows: pl.DataFrame

    def only(self, rows: pl.DataFrame) -> KeptReport:
        """The same report of some of its rows."""
        said = self.checked.returned
        returned = Returned(said.said, said.rows_in, said.rows_read, tuple(_problems(rows)), said.notes)
        outcome = Outcome(self.checked.outcome.rules, self.checked.outcome.not_run, _issues(rows))
        return KeptReport(Checked(returned, outcome), rows)


def packed(checked: Checked) -> bytes:
    """The report as bytes: a head in JSON with its length before it, then its rows as Parquet.

    The rows are written some thousands at a time: of a million issues no more is in memory than what is kept of them.
    """
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]  # here, because it takes long to load

    head = json.dumps(_head(checked), ensure_ascii=False).encode()
    body = BytesIO()
    schema = pl.DataFrame(schema=dict(ROWS)).to_arrow().schema
    with parquet.ParquetWriter(body, schema, compression="zstd") as writer:
        for frame in together(_rows(checked), CHUNK):
            writer.write_table(frame.to_arrow())
    return b"".join((len(head).to_bytes(_LENGTH), head, body.getbuffer()))


def unpacked(content: bytes) -> KeptReport:
    """The report that these bytes are of."""
    length = int.from_bytes(content[:_LENGTH])
    head = json.loads(content[_LENGTH : _LENGTH + length])
    rows = pl.read_parquet(BytesIO(content[_LENGTH + length :]))
    said = Return(head["return"], head["year"], tables={}, constants={})
    returned = Returned(said, head["rows_in"], head["rows_read"], tuple(_problems(rows)), tuple(head["notes"]))
    rules = tuple(Rule(parts={}, shape="", **each | {"fields": tuple(each["fields"])}) for each in head["rules"])
    not_run = tuple(NotRun(**each) for each in head["not_run"])
    return KeptReport(Checked(returned, Outcome(rules, not_run, _issues(rows))), rows)


def _head(checked: Checked) -> dict[str, Any]:
    returned, outcome = checked.returned, checked.outcome
    told = ("code", "sentence", "fields", "severity", "note")
    return {
        "return": returned.said.kind,
        "year": returned.said.year,
        "rows_in": returned.rows_in,
        "rows_read": returned.rows_read,
        "notes": list(returned.notes),
        "rules": [{name: getattr(rule, name) for name in told} for rule in outcome.rules],
        "not_run": [vars(each) for each in outcome.not_run],
    }


def _rows(checked: Checked) -> Iterator[pl.DataFrame]:
    """A row (ROWS) for each issue, in order, some at a time."""
    unread = [
        (UNREAD, None, each.table, each.row, each.file, each.line, None, each.field, each.message)
        for each in checked.returned.problems
    ]
    yield pl.DataFrame(unread, schema=dict(ROWS), orient="row")
    failing: dict[str, list[Failing]] = {}
    for part in checked.outcome.found.parts:
        if isinstance(part, Failing):
            failing.setdefault(part.table, []).append(part)
    said: dict[str, _Said] = {}
    for part in checked.outcome.found.parts:
        if isinstance(part, pl.DataFrame):
            names = part["table"].unique(maintain_order=True)
            yield from (_placed(part.filter(table=name), name, checked) for name in names)
        else:
            if part.table not in said:
                said = {part.table: _Said(checked.returned.said.tables[part.table], failing[part.table])}
            yield from said[part.table].of(part)


class _Said:
    """Where the rows of one table stand and what they say: of those that fail a rule, each worked out once."""

    def __init__(self, table: pl.DataFrame, failing: Sequence[Failing]) -> None:
        self._table = table
        self._places = pl.concat([each.places for each in failing]).unique().sort()
        slices = (self._places.slice(start, CHUNK) for start in range(0, self._places.len(), CHUNK))
        self._says = pl.concat([pl.Series("says", digests(table[some]), pl.String()) for some in slices])

    def of(self, part: Failing) -> Iterator[pl.DataFrame]:
        """Its issues, with the columns of ROWS."""
        for start in range(0, part.places.len(), CHUNK):
            places = part.places.slice(start, CHUNK)
            stand = [self._place(name, places) for name in ("file", "line")]
            says = self._says[self._places.search_sorted(places)]
            nothing = (pl.lit(None, ROWS[name]).alias(name) for name in ("field", "message"))
            told = part.told(places).with_columns(*stand, says, *nothing)
            yield told.with_columns(pl.when(pl.col("row").is_not_null()).then("says").alias("says")).select(list(ROWS))

    def _place(self, name: str, places: pl.Series) -> pl.Expr | pl.Series:
        if f"_{name}" not in self._table.columns:
            return pl.lit(None, ROWS[name]).alias(name)
        return self._table[f"_{name}"][places].cast(ROWS[name]).alias(name)


def _placed(issues: pl.DataFrame, name: str, checked: Checked) -> pl.DataFrame:
    """The issues of one table, each with its file, its line and what its row says."""
    nothing = {each: pl.lit(None, kind).alias(each) for each, kind in ROWS.items() if each not in issues.columns}
    table = checked.returned.said.tables.get(name)
    if table is None or not {"_id", "_row"} <= set(table.columns):
        return issues.with_columns(nothing.values()).select(list(ROWS))
    wanted = table.filter(pl.col("_row").is_in(issues["row"].drop_nulls().unique().implode()))
    rows = wanted.select(
        pl.col("_id").alias("child"),
        pl.col("_row").cast(pl.Int64).alias("row"),
        *(pl.col(f"_{each}").cast(ROWS[each]).alias(each) for each in ("file", "line") if f"_{each}" in table.columns),
        pl.Series("says", digests(wanted), dtype=pl.String()),
    ).unique(["child", "row"], keep="first", maintain_order=True)
    joined = issues.join(rows, on=["child", "row"], how="left", nulls_equal=True, maintain_order="left")
    about_all = joined.with_columns(pl.when(pl.col("row").is_not_null()).then(pl.col("says")).alias("says"))
    return about_all.with_columns(each for key, each in nothing.items() if key not in about_all.columns).select(
        list(ROWS)
    )


def digests(table: pl.DataFrame) -> list[str]:
    """A digest of what each row says: its fields as they were read, or as written where they could not be.

    It does not change when the order of rows or columns does, nor with the way in which a date is written.
    """
    fields = sorted(name for name in table.columns if name[0] != "_" and ":" not in name and name not in _WORKED_OUT)
    said = [_said(table, name) for name in fields]
    if not said:
        return ["" for _ in range(table.height)]
    lines = table.select(pl.struct(said).struct.json_encode()).to_series()
    return [blake2b(line.encode(), digest_size=_DIGEST).hexdigest() for line in lines]


def _said(table: pl.DataFrame, name: str) -> pl.Expr:
    if table.schema[name].is_nested():
        return pl.col(name)
    text = [pl.col(f"text:{name}")] if f"text:{name}" in table.columns else []
    return pl.coalesce(pl.col(name).cast(pl.String), *text).alias(name)


def _issues(rows: pl.DataFrame) -> Issues:
    return Issues([rows.filter(pl.col("rule") != UNREAD).select(list(ISSUES))])


def _problems(rows: pl.DataFrame) -> Iterable[Problem]:
    for each in rows.filter(rule=UNREAD).iter_rows(named=True):
        yield Problem(**{name: each[name] for name in ("file", "line", "field", "message", "table", "row")})
