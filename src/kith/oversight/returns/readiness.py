"""How ready the record is for each return: read every night, kept by day and team, opened to the children behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from kith.foundation.access.viewer import Viewer
from kith.foundation.database import one_moment
from kith.foundation.documents import storage
from kith.record.extracting.extract import extract
from kith.record.people.by_return import Known, every_team, known_by, teams_by
from kith.statutory.returns.from_dataset import KINDS, checked_of
from kith.statutory.returns.kept_reports import packed, unpacked
from kith.statutory.returns.results import Progress, no_progress
from kith.statutory.returns.rule_reports import Checked
from kith.statutory.returns.rules import ERROR, Rule

from .models import LastNight, Readiness
from .queries import NO_TEAM, judged, with_answers

WHICH = ("rejected", "queried")
_ROLL = {"cin": "Child", "ssda903": "Header"}  # the table that has a row for each child of the return


@dataclass(frozen=True)
class Behind:
    """The children of a return whom a list may hold for a viewer, as last night found them.

    `rows`: one for each child with something to put right or answer: `child`, `which`, `rules` and `team` (its number
    as text, or "none") and `team_name`.
    """

    night: LastNight
    rules: Mapping[str, Rule]
    rows: pl.DataFrame
    known: Mapping[str, Known]


def read_all(*, on: date, progress: Progress = no_progress) -> dict[str, int]:
    """Build each return of the record as it stands, check it, and keep what was found; how many children each tells of.

    Reading a day again replaces what was read. Of the night before, the counts stay and the rows go.
    """
    progress("Reading the record", 0.0)
    with one_moment():
        dataset = extract(on=on).dataset
    return {kind: _read(kind, checked_of(kind, dataset, on=on), on) for kind in KINDS}


def _read(kind: str, checked: Checked | None, on: date) -> int:
    if checked is None:
        _keep(kind, on, None, [])
        return 0
    report = storage.put(packed(checked))
    night = LastNight(kind=kind, year=checked.year or 0, day=on, read_at=timezone.now(), report=report)
    roll = checked.returned.said.tables[_ROLL[kind]]["_id"].drop_nulls().unique().to_list()
    _keep(kind, on, night, [Readiness(kind=kind, day=on, **each) for each in _by_team(roll, _worst(_open(night)))])
    return len(roll)


@transaction.atomic
def _keep(kind: str, on: date, night: LastNight | None, counted: list[Readiness]) -> None:
    Readiness.objects.filter(kind=kind, day=on).delete()
    Readiness.objects.bulk_create(counted)
    if night is None:
        return
    before = LastNight.objects.filter(kind=kind).first()
    if before:
        night.pk = before.pk
        if before.report != night.report:
            transaction.on_commit(lambda: storage.forget(before.report))
    night.save()


def _by_team(roll: list[str], worst: pl.DataFrame) -> list[dict[str, int | None]]:
    teams = every_team(roll)
    told = pl.DataFrame({"child": roll, "team_id": [teams.get(each) for each in roll]}, schema=_OF_TEAM)
    joined = told.join(worst, on="child", how="left")
    marks = [(pl.col("which") == each).fill_null(False).sum().alias(each) for each in WHICH]
    return joined.group_by("team_id").agg(pl.len().alias("children"), *marks).to_dicts()


_OF_TEAM = {"child": pl.String(), "team_id": pl.Int64()}


def _open(night: LastNight) -> pl.DataFrame:
    """The issues of the night that nobody has answered."""
    rows = with_answers(judged(unpacked(storage.get(night.report))), night)
    return rows.filter(pl.col("answer").is_null() & pl.col("child").is_not_null())


def _worst(rows: pl.DataFrame) -> pl.DataFrame:
    """Each child once: rejected where any row is an error, else queried."""
    error = (pl.col("severity") == ERROR).any()
    which = pl.when(error).then(pl.lit("rejected")).otherwise(pl.lit("queried"))
    return rows.group_by("child").agg(which.alias("which"), pl.col("rule").unique().sort().alias("rules"))


def nights() -> dict[str, LastNight]:
    """The newest night of each return."""
    return {each.kind: each for each in LastNight.objects.order_by("kind")}


def over_time(kind: str) -> list[dict[str, object]]:
    """The days of a return, oldest first: children it tells of, rejected and queried, of the whole service."""
    days = Readiness.objects.filter(kind=kind).values("day").order_by("day")
    return list(days.annotate(all=Sum("children"), bad=Sum("rejected"), asked=Sum("queried")))


def behind(viewer: Viewer, kind: str) -> Behind | None:
    """The children behind the newest night of a return, of those whom a list may hold for this viewer."""
    night = LastNight.objects.filter(kind=kind).first()
    if night is None or not viewer.may("see_child"):
        return None
    report = unpacked(storage.get(night.report))
    rows = _worst(_open(night))
    known = known_by(viewer, rows["child"])
    listed = rows.filter(pl.col("child").is_in(list(known)))
    teams = teams_by(viewer, known)
    told = pl.DataFrame(
        [(child, str(team), name) for child, (team, name) in teams.items()],
        schema={"child": pl.String(), "team": pl.String(), "team_name": pl.String()},
        orient="row",
    )
    whole = listed.join(told, on="child", how="left").with_columns(
        pl.col("team").fill_null(NO_TEAM), pl.col("team_name").fill_null("No team known")
    )
    return Behind(night, report.checked.rules, whole.sort("which", "child", descending=[True, False]), known)
