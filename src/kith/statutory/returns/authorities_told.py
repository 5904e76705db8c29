"""What checking many authorities' returns found, in lines for a terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TextIO

from kith.statutory.returns.authorities import OfAuthority, totals
from kith.statutory.returns.rule_reports import NAMES, as_many

_HEADINGS = ("Authority", "Year", "Rows in", "Rows read", "Rules run", "Not run", "Issues", "Children")


def summary(kind: str, found: Sequence[OfAuthority], *, ways: Mapping[str, str]) -> list[str]:
    """A line for each authority, then for each rule. `ways` says how to give what a rule needed and had not."""
    rows_in, rows_read = sum(each.rows_in for each in found), sum(each.rows_read for each in found)
    issues = sum(each.issues for each in found)
    counts = f"{as_many(rows_in, 'row')} in, {rows_read:,} read, {as_many(issues, 'issue')}"
    lines = [f"{NAMES[kind]} of {_authorities(len(found))}: {counts}.", ""]
    lines += _table([_HEADINGS, *map(_row, found)])
    if rules := totals(found):
        wide = max(len(code) for code, *_ in rules) + 2
        lines.append("")
        for code, severity, many, authorities, sentence in rules:
            lines.append(f"  {code:<{wide}}{severity:<6}{many:>11,} in {_authorities(authorities)}  {sentence}")
    return [*lines, *_not_run(found, ways)]


def _authorities(number: int) -> str:
    return "1 authority" if number == 1 else f"{number:,} authorities"


def _row(each: OfAuthority) -> tuple[str, ...]:
    if each.refused:
        return (each.name, "could not be read")
    counts = (each.rows_in, each.rows_read, len(each.rules_run), len(each.not_run), each.issues, each.children)
    return (each.name, str(each.year or ""), *(f"{count:,}" for count in counts))


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    wide = [max(len(row[at]) for row in rows if len(row) > at) for at in range(len(_HEADINGS))]
    wide[1] = max(len(row[1]) for row in rows if len(row) == len(_HEADINGS))  # not as wide as why one was not read
    return [
        f"  {row[0]:<{wide[0]}}" + "".join(f"  {cell:>{width}}" for cell, width in zip(row[1:], wide[1:], strict=False))
        for row in rows
    ]


def _not_run(found: Sequence[OfAuthority], ways: Mapping[str, str]) -> list[str]:
    why: dict[str, dict[str, set[str]]] = {}
    for each in found:
        for rule in each.not_run:
            way = f" ({ways[rule.needs]})" if rule.needs in ways else ""
            why.setdefault(f"{rule.why[:-1]}{way}", {}).setdefault(rule.code, set()).add(each.name)
    return [
        f"Not run in {_authorities(len(set().union(*codes.values())))}, because {reason}: {', '.join(codes)}."
        for reason, codes in why.items()
    ]


def write_json(kind: str, found: Sequence[OfAuthority], out: TextIO) -> None:
    """What was found of each authority, counted, as one JSON object."""
    json.dump({"return": kind, "authorities": [_told(each) for each in found]}, out, ensure_ascii=False, indent=1)
    out.write("\n")


def _told(each: OfAuthority) -> dict[str, object]:
    return {
        "authority": each.name,
        "refused": each.refused or None,
        "year": each.year,
        "rows_in": each.rows_in,
        "rows_read": each.rows_read,
        "rules_run": each.rules_run,
        "rules_not_run": [{"code": rule.code, "why": rule.why} for rule in each.not_run],
        "issues": each.issues,
        "children": each.children,
        "by_rule": [{"rule": code, "severity": severity, "issues": many} for code, severity, many, _ in each.by_rule],
        "notes": each.notes,
    }
