"""What checking a return found, as one string of bytes to keep: opened again, every page and download is made of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO
from typing import Any

import polars as pl

from kith.statutory.returns.results import Problem
from kith.statutory.returns.returned import Returned
from kith.statutory.returns.rule_issues import ISSUES, Issues
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
    """The report as bytes: a head in JSON with its length before it, then its rows as Parquet."""
    head = json.dumps(_head(checked), ensure_ascii=False).encode()
    body = BytesIO()
    _rows(checked).write_parquet(body)
    return len(head).to_bytes(_LENGTH) + head + body.getvalue()


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


def _rows(checked: Checked) -> pl.DataFrame:
    unread = [
        (UNREAD, None, each.table, each.row, each.file, each.line, None, each.field, each.message)
        for each in checked.returned.problems
    ]
    issues = checked.outcome.issues
    parts = [_placed(issues.filter(table=name), name, checked) for name in issues["table"].unique(maintain_order=True)]
    return pl.concat([pl.DataFrame(unread, schema=dict(ROWS), orient="row"), *parts])


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
