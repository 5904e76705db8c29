"""Reading checks for a viewer: which there are, what was found, what of it is answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import polars as pl
from django.db.models import QuerySet
from django.http import Http404

from kith.foundation.access.viewer import Viewer
from kith.foundation.documents import storage
from kith.record.people.by_return import hidden_ids, teams_by
from kith.statutory.returns.kept_reports import KeptReport, unpacked
from kith.statutory.returns.rule_reports import UNREAD
from kith.statutory.returns.rules import ERROR

from .models import Answer, Check, LastNight

CHECK, SEE = "check_returns", "see_returns"
KEY = ["rule", "child", "table", "says"]
NO_TEAM = "none"
STATES = ("open", "answered")
AWAY = "away"


@dataclass(frozen=True)
class Found:
    """What a check found, of what this viewer may see.

    `rows` is the report's rows (kept_reports.ROWS) with `issue` (its place in the whole report, from 0), `severity`
    and `answer` (the number of the answer that holds for it, or none).
    """

    viewer: Viewer
    check: Check
    kept: KeptReport
    rows: pl.DataFrame

    @cached_property
    def teams(self) -> Mapping[str, tuple[int, str]]:
        """The team, by number and name, that works with each child today, where this viewer may know it."""
        return teams_by(self.viewer, self.rows["child"].drop_nulls().unique())

    @cached_property
    def with_teams(self) -> pl.DataFrame:
        """The rows about a child, with `team` (its number as text, or "none") and `team_name`."""
        ids = list(self.teams)
        known = pl.DataFrame(
            {
                "child": ids,
                "team": [str(self.teams[each][0]) for each in ids],
                "team_name": [self.teams[each][1] for each in ids],
            },
            schema={"child": pl.String, "team": pl.String, "team_name": pl.String},
        )
        named = self.rows.filter(pl.col("child").is_not_null()).join(known, on="child", how="left")
        return named.with_columns(pl.col("team").fill_null(NO_TEAM), pl.col("team_name").fill_null("No team known"))

    def narrowed(self, filters: Mapping[str, str]) -> pl.DataFrame:
        """The rows that these filters leave: rule, child, team, severity, and state ("open" or "answered")."""
        rows = self.with_teams if filters.get("team") else self.rows
        for name in ("rule", "child", "team", "severity"):
            if filters.get(name):
                rows = rows.filter(pl.col(name) == filters[name])
        if filters.get("state") in STATES:
            rows = rows.filter(pl.col("answer").is_not_null() == (filters["state"] == "answered"))
        return rows


def checks(viewer: Viewer) -> QuerySet[Check]:
    """Every check whose report is kept, or that was refused; newest first."""
    every = Check.objects.select_related("by", "version").exclude(state=AWAY).order_by("-pk")
    return every if viewer.may(SEE) else every.none()


def one(viewer: Viewer, pk: int) -> Check:
    """One check; not found where there is none, or it was taken away."""
    found = checks(viewer).filter(pk=pk).first()
    if found is None:
        raise Http404("check")
    return found


def found_by(viewer: Viewer, check: Check) -> Found:
    """What a check found. Whoever uploaded the return has seen whom it names; to others the hidden are not in it."""
    whole = unpacked(storage.get(check.report))
    rows = judged(whole)
    brought_it = check.by_id == viewer.worker and not check.of_record
    if not brought_it and (hidden := hidden_ids(viewer)):
        rows = rows.filter(~pl.col("child").is_in(list(hidden)).fill_null(False))
    return Found(viewer, check, whole.only(rows), with_answers(rows, check))


def judged(report: KeptReport) -> pl.DataFrame:
    """The rows of a report with `issue`, the place of each, and `severity`."""
    severity = {code: rule.severity for code, rule in report.checked.rules.items()} | {UNREAD: ERROR}
    return report.rows.with_row_index("issue").with_columns(severity=pl.col("rule").replace_strict(severity))


def with_answers(rows: pl.DataFrame, check: Check | LastNight) -> pl.DataFrame:
    given = standing(check.kind, check.year).values_list(*KEY, "pk")
    schema = {**dict.fromkeys(KEY, pl.String), "answer": pl.Int64}
    answers = pl.DataFrame(list(given), schema=schema, orient="row")
    keyed = rows.with_columns(_child=pl.col("child").fill_null(""), _says=key_of(check))
    joined = keyed.join(
        answers,
        left_on=["rule", "_child", "table", "_says"],
        right_on=KEY,
        how="left",
        maintain_order="left",
    )
    return joined.drop("_child", "_says")


def key_of(check: Check | LastNight) -> pl.Expr:
    """What an answer holds on to: what the row says; for the whole return, its files; none where a row was unread."""
    whole = pl.col("row").is_null() & (pl.col("rule") != UNREAD)
    return pl.when(whole).then(pl.lit(digest_of(check.files))).otherwise(pl.col("says"))


def digest_of(files: Iterable[Mapping[str, str]]) -> str:
    """A digest of files, whatever their order and names."""
    return sha256("".join(sorted(each["sha256"] for each in files)).encode()).hexdigest()


def standing(kind: str, year: int) -> QuerySet[Answer]:
    """The answers that hold for a return of a year."""
    return Answer.objects.filter(kind=kind, year=year, withdrawn_at=None)


def answers(viewer: Viewer, ids: Iterable[int]) -> dict[int, Answer]:
    """These answers, with who gave them."""
    if not viewer.may(SEE):
        return {}
    found = Answer.objects.select_related("given_by", "withdrawn_by").in_bulk(list(ids))
    return dict(found)


def earlier(check: Check, row: Mapping[str, object], says: str) -> QuerySet[Answer]:
    """The answers to this issue that were taken back, newest first."""
    key = {"rule": row["rule"], "child": row["child"] or "", "table": row["table"], "says": says}
    given = Answer.objects.filter(kind=check.kind, year=check.year, **key).exclude(withdrawn_at=None)
    return given.select_related("given_by", "withdrawn_by").order_by("-given_at")


def hashes() -> set[str]:
    """The hash of each report that a check names."""
    every = Check.objects.exclude(report="").values_list("report", flat=True)
    return {*every, *LastNight.objects.values_list("report", flat=True)}
