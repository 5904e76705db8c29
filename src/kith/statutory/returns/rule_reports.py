"""What checking a return found, as people and machines read it: a summary, JSON, CSV, a workbook."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, TextIO

import polars as pl

from kith.statutory.returns.results import Problem
from kith.statutory.returns.returned import Returned
from kith.statutory.returns.rule_running import Outcome
from kith.statutory.returns.rules import ERROR, Rule
from kith.vocabulary.months import year_of_returns
from kith.vocabulary.spreadsheets import TableWriter, safe

NAMES = {
    "cin": "Children in need census",
    "ssda903": "Looked-after children return (SSDA903)",
    "annex_a": "Annex A",
    "across": "One child across returns",
}
UNREAD = "READ"  # not a rule of any return: a row or file that could not be read is reported as one that fails it
WRITTEN: Mapping[str, pl.DataType] = {
    "rule": pl.String(),
    "severity": pl.String(),
    "child": pl.String(),
    "table": pl.String(),
    "row": pl.Int64(),
    "fields": pl.List(pl.String()),
    "message": pl.String(),
}
"""An issue as it is written: the rule and how serious it is, where it is, the fields it is about, and its sentence."""
COLUMNS = tuple(WRITTEN)


@dataclass(frozen=True)
class Checked:
    """A return that was read and checked."""

    returned: Returned
    outcome: Outcome

    @property
    def year(self) -> int | None:
        """The collection year, named by the year it ends in; none for a return that has none."""
        return self.returned.said.year or None

    @property
    def clean(self) -> bool:
        """No row fails a rule, every row was read, and no rule broke."""
        return not (len(self.outcome.found) or self.returned.problems or self.outcome.failed)

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The rules that ran, by code."""
        return {rule.code: rule for rule in self.outcome.rules}

    def frames(self) -> Iterator[pl.DataFrame]:
        """The issues as they are written, some thousands at a time, with the columns of WRITTEN. Unread rows first."""
        unread = [
            (UNREAD, ERROR, None, each.table, each.row, [each.field] if each.field else [], _said(each))
            for each in self.returned.problems
        ]
        yield pl.DataFrame(unread, schema=dict(WRITTEN), orient="row")
        told = [(rule.code, rule.severity, list(rule.fields), rule.sentence) for rule in self.outcome.rules]
        about = {name: WRITTEN[name] for name in ("rule", "severity", "fields", "message")}
        rules = pl.DataFrame(told, schema=about, orient="row")
        for chunk in self.outcome.found.chunks():
            yield chunk.join(rules, on="rule", how="left", maintain_order="left").select(list(WRITTEN))

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Each issue as it is written: the values of COLUMNS. Unread rows come first."""
        for frame in self.frames():
            yield from frame.iter_rows()

    @property
    def how_many(self) -> int:
        """How many issues there are."""
        return len(self.outcome.found) + len(self.returned.problems)


def _said(problem: Problem) -> str:
    return (
        f"{problem.file}, line {problem.line}: {problem.message}"
        if problem.line
        else f"{problem.file}: {problem.message}"
    )


def write_json(checked: Checked, out: TextIO) -> None:
    """The whole outcome as one JSON object, written as it goes."""
    outcome = checked.outcome
    head = {
        "return": checked.returned.said.kind,
        "year": checked.year,
        "rules_run": list(checked.rules),
        "rules_not_run": [{"code": each.code, "why": each.why} for each in outcome.not_run],
    }
    out.write(json.dumps(head, ensure_ascii=False, indent=1)[:-2])
    out.write(',\n "issues": [')
    for at, row in enumerate(checked.rows()):
        out.write(",\n  " if at else "\n  ")
        out.write(json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False))
    out.write("\n ]\n}\n")


def write_json_lines(checked: Checked, out: BinaryIO) -> None:
    """The issues as JSON, one to a line, written as they come: for millions."""
    for frame in checked.frames():
        frame.write_ndjson(out)


def write_parquet(checked: Checked, path: Path) -> None:
    """The issues as Parquet, written as they come: for millions."""
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]  # here, because few runs write Parquet

    schema = pl.DataFrame(schema=dict(WRITTEN)).to_arrow().schema
    with parquet.ParquetWriter(path, schema) as writer:
        for frame in checked.frames():
            writer.write_table(frame.to_arrow())


def write_csv(checked: Checked, out: TextIO) -> None:
    """The issues as CSV, one to a line; no cell can run as a formula."""
    writer = TableWriter(out)
    writer.writerow(COLUMNS)
    writer.writerows(_flat(row) for row in checked.rows())


def _flat(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*row[:5], " ".join(row[5]), row[6])


_MOST_ROWS = 1_048_575  # what a sheet holds beside its headings


def write_xlsx(checked: Checked, path: Path) -> None:
    """A workbook: the rules with their counts, the rules not run, and the issues, in as many sheets as they need.

    No sheet is hidden.
    """
    import xlsxwriter  # type: ignore[import-untyped]  # here, because few runs write a workbook

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        bold = book.add_format({"bold": True})
        sheets: list[tuple[str, tuple[str, ...], Any]] = [
            ("By rule", ("rule", "severity", "issues", "message"), by_rule(checked).iter_rows()),
            ("Not run", ("rule", "why"), ((each.code, each.why) for each in checked.outcome.not_run)),
            ("Issues", COLUMNS, (_flat(row) for row in checked.rows())),
        ]
        for name, headings, rows in sheets:
            _sheets(book, name, headings, iter(rows), bold)


def _sheets(book: Any, name: str, headings: tuple[str, ...], rows: Iterator[Any], bold: Any) -> None:
    """One sheet of these rows, and "Issues 2" and so on for those that it has no room for."""
    for part in count(1):
        first = list(islice(rows, 1))
        if part > 1 and not first:
            return
        sheet = book.add_worksheet(name if part == 1 else f"{name} {part}")
        _sheet(sheet, headings, chain(first, islice(rows, _MOST_ROWS - 1)), bold)


def _sheet(sheet: Any, headings: tuple[str, ...], rows: Any, bold: Any) -> None:
    sheet.freeze_panes(1, 0)
    for at, heading in enumerate(headings):
        sheet.write_string(0, at, heading, bold)
    for down, row in enumerate(rows, start=1):
        for at, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(down, at, value)
            elif value is not None:
                sheet.write_string(down, at, str(safe(value)))


def by_rule(checked: Checked) -> pl.DataFrame:
    """One row for each rule that some row fails: code, severity, how many, and its sentence; most first."""
    rules = checked.rules
    counted = checked.outcome.found.counts()
    rows = [(code, rules[code].severity, many, rules[code].sentence) for code, many in counted.items()]
    if checked.returned.problems:
        many = len(checked.returned.problems)
        rows.insert(0, (UNREAD, ERROR, many, "Every row and file of the return can be read."))
    schema = {"rule": pl.String(), "severity": pl.String(), "issues": pl.Int64(), "message": pl.String()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def summary(checked: Checked, *, ways: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """The outcome in lines for a terminal. `ways` says how to give what a rule needed and had not."""
    returned, outcome = checked.returned, checked.outcome
    year = f", {year_of_returns(checked.year)}" if checked.year else ""
    read = f"{as_many(returned.rows_in, 'row')} in, {returned.rows_read:,} read"
    aside = returned.rows_in - returned.rows_read
    lines = [
        f"{NAMES[returned.said.kind]}{year}: {read}" + (f", {aside:,} that could not be read." if aside else "."),
        f"{as_many(len(outcome.rules), 'rule')} run, {len(outcome.not_run)} not run.",
    ]
    children = outcome.found.children
    if checked.how_many:
        of_whom = "1 child" if children == 1 else f"{children:,} children"
        lines.append(f"{as_many(checked.how_many, 'issue')}, of {of_whom}:")
        counted = by_rule(checked)
        wide = max(len(code) for code in counted["rule"]) + 2
        for code, severity, many, sentence in counted.iter_rows():
            lines.append(f"  {code:<{wide}}{severity:<6}{many:>9,}  {sentence}")
    else:
        lines.append("No issues.")
    return [*lines, *_not_run(outcome, ways)]


def as_many(number: int, what: str) -> str:
    """A number of things, in words."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _not_run(outcome: Outcome, ways: Mapping[str, str]) -> list[str]:
    why: dict[str, list[str]] = {}
    for each in outcome.not_run:
        way = f" ({ways[each.needs]})" if each.needs in ways else ""
        why.setdefault(f"{each.why[:-1]}{way}", []).append(each.code)
    return [f"Not run, because {reason}: {', '.join(codes)}." for reason, codes in why.items()]
