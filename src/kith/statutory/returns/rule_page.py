"""The outcome of checking a return as one page: no script, no network, readable by every reader and printer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from types import MappingProxyType

import polars as pl

from kith.statutory.returns.rule_reports import NAMES, UNREAD, Checked, by_rule
from kith.statutory.returns.rules import Rule
from kith.vocabulary.months import year_of_returns

_MOST = 200  # rows shown of each list: a page of a million would open nowhere; the CSV and the JSON hold every one
_STYLE = """
body{font:19px/1.4 Arial,sans-serif;color:#0b0c0c;background:#fff;margin:0 auto;max-width:60rem;padding:1rem}
h1{font-size:2rem}h2{font-size:1.5rem;margin-top:2.5rem}h3{font-size:1.2rem}
a{color:#1d70b8}a:focus,summary:focus{outline:3px solid #fd0;background:#fd0;color:#0b0c0c}
.wide{overflow-x:auto}.wide:focus{outline:3px solid #fd0}
table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:bold;padding:.5rem 0}
th,td{text-align:left;vertical-align:top;padding:.5rem 1rem .5rem 0;border-bottom:1px solid #b1b4b6}
td.n,th.n{text-align:right}summary{cursor:pointer;padding:.5rem 0}
@media print{details>*{display:block}}
"""


_NO_TEAMS: Mapping[str, str] = MappingProxyType({})


def write_html(checked: Checked, path: Path, *, teams: Mapping[str, str] = _NO_TEAMS) -> None:
    """The page, written to a file that needs nothing beside it. `teams`: the team of a child, where it is known."""
    with path.open("w", encoding="utf-8") as out:
        out.writelines(_page(checked, teams))


def _page(checked: Checked, teams: Mapping[str, str]) -> Iterable[str]:
    name = NAMES[checked.returned.said.kind]
    year = f" {year_of_returns(checked.year)}" if checked.year else ""
    title = escape(f"{name}{year}: what was found")
    yield f'<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title>'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
    yield f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1>"
    children = checked.outcome.found.children
    read = f"{checked.returned.rows_in:,} rows came in and {checked.returned.rows_read:,} were read."
    ran = f"{len(checked.outcome.rules):,} rules ran and {len(checked.outcome.not_run):,} did not."
    yield f"<p>{read} {ran} {checked.how_many:,} issues were found, of {children:,} children.</p>"
    if checked.how_many:
        yield '<nav aria-label="On this page"><ul><li><a href="#rules">By rule</a></li>'
        yield '<li><a href="#children">By child</a></li>'
        yield '<li><a href="#teams">By team</a></li>' if teams else ""
        yield '<li><a href="#not-run">Rules not run</a></li></ul></nav>'
        yield from _by_rule(checked)
        counted = checked.outcome.found.by_child()
        yield from _by_child(checked, counted)
        yield from _by_team(counted, teams) if teams else ()
    else:
        yield "<p>There is nothing to put right.</p>"
    yield from _not_run(checked)
    yield "</main></body></html>\n"


def _table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterable[str]:
    label = escape(caption, quote=True)
    yield f'<div class="wide" tabindex="0" role="region" aria-label="{label}">'
    yield f"<table><caption>{label}</caption><thead><tr>"
    yield "".join(f'<th scope="col">{escape(each)}</th>' for each in headings)
    yield "</tr></thead><tbody>"
    for row in rows:
        cells = (f'<td class="n">{each:,}</td>' if isinstance(each, int) else f"<td>{_text(each)}</td>" for each in row)
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody></table></div>"


def _text(value: object) -> str:
    return "" if value is None else escape(str(value))


def _by_rule(checked: Checked) -> Iterable[str]:
    yield '<h2 id="rules">By rule</h2>'
    counted = by_rule(checked)
    yield from _table(
        "Rules that rows fail", ("Rule", "How serious", "Issues", "What must be true"), counted.iter_rows()
    )
    rules = checked.rules
    for code, _, many, sentence in counted.iter_rows():
        yield f"<h3>{escape(code)}: {escape(sentence)}</h3>"
        if code == UNREAD:
            found = [(each.table, each.row, each.file, each.message) for each in checked.returned.problems[:_MOST]]
            rows = _table("Rows and files that could not be read", ("Table", "Row", "File", "What is wrong"), found)
        else:
            failing = checked.outcome.found.first_of(code, _MOST)
            rows = _table(
                f"Rows that fail {code}", ("Child", "Table", "Row"), failing.select("child", "table", "row").iter_rows()
            )
        more = f" The first {_MOST} are shown; the CSV and the JSON have them all." if many > _MOST else ""
        yield f"<p>{_about(rules.get(code))}{more}</p><details><summary>Show the {many:,} rows</summary>"
        yield "".join(rows) + "</details>"


def _about(rule: Rule | None) -> str:
    if rule is None:
        return ""
    fields = f"Fields: {escape(', '.join(rule.fields))}."
    return f"{fields} {escape(rule.note)}".strip()


def _by_child(checked: Checked, counted: pl.DataFrame) -> Iterable[str]:
    yield '<h2 id="children">By child</h2>'
    shown = counted.sort("issues", "child", descending=[True, False]).head(_MOST)
    if counted.height > _MOST:
        where = "the CSV and the JSON have every issue of every child"
        yield f"<p>The {_MOST} children with most are shown, of {counted.height:,}; {where}.</p>"
    rules = checked.outcome.found.rules_of(shown["child"].to_list())
    rows = shown.join(rules, on="child", how="left", maintain_order="left").iter_rows()
    yield from _table("Children with issues, most first", ("Child", "Issues", "Rules"), rows)


def _by_team(counted: pl.DataFrame, teams: Mapping[str, str]) -> Iterable[str]:
    yield '<h2 id="teams">By team</h2>'
    of = counted.with_columns(pl.col("child").replace_strict(dict(teams), default="No team known").alias("team"))
    found = of.group_by("team").agg(pl.col("issues").sum(), children=pl.len().cast(pl.Int64))
    rows = found.sort("issues", "team", descending=[True, False]).iter_rows()
    yield from _table("Issues by the team that works with the child", ("Team", "Issues", "Children"), rows)


def _not_run(checked: Checked) -> Iterable[str]:
    yield '<h2 id="not-run">Rules not run</h2>'
    if not checked.outcome.not_run:
        yield "<p>Every rule of the year was run.</p>"
        return
    yield from _table(
        "Rules not run, and why", ("Rule", "Why"), ((each.code, each.why) for each in checked.outcome.not_run)
    )
