"""Checks of returns in words, rows and counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.urls import reverse

from kith.foundation.documents.uploading import named
from kith.foundation.screens.lists import Listing
from kith.foundation.screens.words import nice_moment, plural
from kith.record.people.by_return import Known
from kith.statutory.returns.rule_reports import NAMES, UNREAD
from kith.vocabulary.months import year_of_returns

from .models import Answer, Check
from .queries import NO_TEAM, Found

STATES = {
    "waiting": ("Waiting", "grey"),
    "checking": ("Under way", "blue"),
    "done": ("Checked", "green"),
    "refused": ("Could not be read", "red"),
    "stopped": ("Stopped before it ended", "grey"),
}
SEVERITIES = {"error": "Error", "query": "Query"}
STATE_WORDS = {"": "All", "open": "To put right or answer", "answered": "Answered"}
FORMS = {"xlsx": "A workbook", "csv": "CSV", "json": "JSON", "html": "A page that needs no network"}
BESIDE = {
    "last_year": "last year’s return",
    "earlier": "returns before last year’s",
    "postcodes": "the directory of postcodes",
    "providers": "the providers",
}
SHOWN = 10  # children on the report's own page; the list has them all
ALL_READ = "Every row and file of the return can be read."


@dataclass(frozen=True)
class Told:
    """One check, ready for a page."""

    pk: int
    title: str
    state: str
    words: str
    colour: str
    by: str
    at: Any
    refusal: str
    files: str
    beside: str
    issues: int
    of_record: bool
    version: int | None
    url: str


def title_of(kind: str, year: int) -> str:
    """A return and its year in words."""
    return NAMES[kind] + (f" {year_of_returns(year)}" if year else "")


def told(check: Check) -> Told:
    """One check in words."""
    words, colour = STATES[check.state]
    if check.state == "done" and check.issues:
        words, colour = plural(check.issues, "issue"), "yellow"
    return Told(
        pk=check.pk,
        title=title_of(check.kind, check.year),
        state=check.state,
        words=words,
        colour=colour,
        by=check.by.name,
        at=check.started_at,
        refusal=check.refusal,
        files=named(check.files),
        beside=beside(check.beside),
        issues=check.issues,
        of_record=check.of_record,
        version=check.version.pk if check.of_record and hasattr(check, "version") else None,
        url=reverse("returns:one", args=[check.pk]),
    )


def beside(said: Mapping[str, Any]) -> str:
    """What came beside a return, in words."""
    files = [f"{what}: {named(said[name])}" for name, what in BESIDE.items() if said.get(name)]
    return "; ".join(files + ([f"the authority’s code: {said['area']}"] if said.get("area") else []))


def listing(found: Found, title: str, **filters: str) -> Listing:
    """A count of issues that opens exactly those."""
    path = reverse("returns:issues", args=[found.check.pk])
    return Listing(title, filters, found.narrowed(filters).height, path)


def page(found: Found) -> dict[str, Any]:
    """Everything on the report's own page."""
    checked = found.kept.checked
    open_now = found.rows.filter(pl.col("answer").is_null())
    children = found.rows["child"].drop_nulls().n_unique()
    behind = reverse("returns:children", args=[found.check.pk])
    run = reverse("returns:rules", args=[found.check.pk])
    return {
        "rows_in": checked.returned.rows_in,
        "rows_read": checked.returned.rows_read,
        "counts": [
            listing(found, "to put right or answer", state="open"),
            listing(found, "answered", state="answered"),
            Listing("children with issues", {}, children, behind),
            Listing("rules run", {"which": "run"}, len(checked.outcome.rules), run),
            Listing("rules not run", {"which": "not"}, len(checked.outcome.not_run), run),
        ],
        "by_rule": by_rule(found),
        "by_child": by_child(found)[:SHOWN],
        "children": Listing("children with issues", {}, children, behind),
        "by_team": by_team(found),
        "not_run": not_run(found),
        "notes": checked.returned.notes,
        "clean": not found.rows.height,
        "all_answered": bool(found.rows.height) and not open_now.height,
        "downloads": [
            {"words": words, "url": reverse("returns:download", args=[found.check.pk, form])}
            for form, words in FORMS.items()
        ],
    }


def by_rule(found: Found) -> list[dict[str, Any]]:
    """Each rule that some row fails: what must be true, and how many are open and answered; most open first."""
    counted = found.rows.group_by("rule", "severity").agg(
        pl.len().alias("all"), pl.col("answer").is_null().sum().alias("open")
    )
    rules = found.kept.checked.rules
    return [
        {
            "code": each["rule"],
            "sentence": ALL_READ if each["rule"] == UNREAD else rules[each["rule"]].sentence,
            "severity": SEVERITIES[each["severity"]],
            "open": _of(found, each["open"], rule=each["rule"], state="open"),
            "answered": _of(found, each["all"] - each["open"], rule=each["rule"], state="answered"),
        }
        for each in counted.sort("open", "all", "rule", descending=[True, True, False]).to_dicts()
    ]


def _of(found: Found, count: int, **filters: str) -> Listing:
    """A count already made, with the list it opens."""
    words = " ".join(each for name, each in filters.items() if name != "state")
    state = STATE_WORDS[filters["state"]].lower() if "state" in filters else "issues"
    return Listing(f"{state}, {words}", filters, count, reverse("returns:issues", args=[found.check.pk]))


def by_child(found: Found, *, team: str = "") -> list[dict[str, Any]]:
    """Each child with issues: the id in the return, how many, and which rules; most first."""
    rows = found.with_teams.filter(pl.col("team") == team) if team else found.rows
    named = rows.filter(pl.col("child").is_not_null()).group_by("child")
    counted = named.agg(pl.len().alias("all"), pl.col("rule").unique().sort().str.join(", ").alias("rules"))
    return [
        {"child": each["child"], "issues": _of(found, each["all"], child=each["child"]), "rules": each["rules"]}
        for each in counted.sort("all", "child", descending=[True, False]).to_dicts()
    ]


def by_team(found: Found) -> list[dict[str, Any]]:
    """Each team that works with children who have issues; those of no team known come last."""
    counted = found.with_teams.group_by("team", "team_name").agg(
        pl.len().alias("all"), pl.col("child").n_unique().alias("children")
    )
    behind = reverse("returns:children", args=[found.check.pk])
    ordered = counted.with_columns(last=pl.col("team") == NO_TEAM).sort(
        "last", "all", "team_name", descending=[False, True, False]
    )
    return [
        {
            "team": each["team_name"],
            "issues": Listing(
                f"issues, {each['team_name']}",
                {"team": each["team"]},
                each["all"],
                reverse("returns:issues", args=[found.check.pk]),
            ),
            "children": Listing(f"children, {each['team_name']}", {"team": each["team"]}, each["children"], behind),
        }
        for each in ordered.to_dicts()
    ]


def not_run(found: Found) -> list[tuple[str, list[str]]]:
    """Why rules were not run, each reason with its codes."""
    why: dict[str, list[str]] = {}
    for each in found.kept.checked.outcome.not_run:
        why.setdefault(capital(each.why), []).append(each.code)
    return list(why.items())


def rules(found: Found, which: str) -> list[list[str]]:
    """The rules run (code, what must be true, how serious), or those not run (code, why)."""
    outcome = found.kept.checked.outcome
    if which == "not":
        return [[each.code, capital(each.why)] for each in outcome.not_run]
    return [[each.code, each.sentence, SEVERITIES[each.severity]] for each in outcome.rules]


def lines(
    found: Found, rows: pl.DataFrame, *, known: Mapping[str, Known], answers: Mapping[int, Answer]
) -> list[dict[str, Any]]:
    """Issues for a list."""
    rules = found.kept.checked.rules
    return [
        {
            "rule": each["rule"],
            "severity": SEVERITIES[each["severity"]],
            "child": child(each["child"], known),
            "where": where(each),
            "words": each["message"] if each["rule"] == UNREAD else rules[each["rule"]].sentence,
            "fields": each["field"] or "" if each["rule"] == UNREAD else ", ".join(rules[each["rule"]].fields),
            "answer": answered(answers[each["answer"]]) if each["answer"] in answers else "",
            "url": reverse("returns:issue", args=[found.check.pk, each["issue"]]),
        }
        for each in rows.to_dicts()
    ]


def child(written: str | None, known: Mapping[str, Known]) -> dict[str, str] | str:
    """A child as a cell: by name where the viewer may know it, with a link where the record opens; else the id."""
    if written is None:
        return "The whole return"
    if written not in known:
        return written
    one = known[written]
    words = f"{one.name} ({written})"
    return {"words": words, "url": reverse("chronology:child", args=[one.pk])} if one.opens else words


def where(row: Mapping[str, Any]) -> str:
    """Which row of which table, and where it stands in the files."""
    said = f"{row['table']}, row {row['row']:,}" if row["row"] is not None else str(row["table"] or "")
    if row["file"] and row["line"]:
        said += f" ({row['file']}, line {row['line']:,})"
    return said or str(row["file"] or "")


def answered(answer: Answer) -> str:
    """Who answered an issue, and when."""
    return f"Answered by {answer.given_by.name}, {nice_moment(answer.given_at)}"


def taken_back(answers: Iterable[Answer]) -> list[list[str]]:
    """Answers that no longer hold: why it was given, by whom and when, and who took it back."""
    return [[each.reason, answered(each), f"{each.withdrawn_by}, {nice_moment(each.withdrawn_at)}"] for each in answers]


def capital(words: str) -> str:
    """The words with a capital letter at their beginning."""
    return words[:1].upper() + words[1:]
