"""Who a deadline falls to: the child's worker in that role today, else the team that holds the child."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
from django.db.models import CharField
from django.db.models.functions import Cast, Lower

from kith.record.people.models import Involvement
from kith.statutory.timescales.book import RuleBook

from .rows import frame, of_people

SCHEMA: dict[str, pl.DataType] = {
    "child": pl.String(),
    "part": pl.String(),
    "worker_id": pl.Int64(),
    "team_id": pl.Int64(),
    "since": pl.Date(),
}
# Which part in a child's life each role of the rule book looks for; the allocated worker stands for every other role.
PARTS = {"reviewing_officer": "reviewing officer", "personal_adviser": "personal adviser", "cp_chair": "cp chair"}
ALLOCATED = "allocated"


def with_owners(
    found: pl.DataFrame, *, rules: RuleBook, people: Sequence[int] | None, led: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """Add worker_id and team_id to each deadline, which these rules made.

    A child with nobody keeps both empty: that is itself a finding.

    `led`: of records that are read together, which one leads each of the others.
    """
    now = _involvements(people, led or {})
    rows = [(rule.id, rule.version, PARTS.get(rule.falls_to, ALLOCATED)) for rule in rules.rules]
    schema = {"rule": pl.String, "rule_version": pl.String, "part": pl.String}
    roles = pl.DataFrame(rows, schema=schema, orient="row")
    allocated = now.filter(pl.col("part") == ALLOCATED).select("child", a_worker="worker_id", a_team="team_id")
    return (
        found.join(roles, on=["rule", "rule_version"], how="left", maintain_order="left")
        .join(now.drop("since"), on=["child", "part"], how="left", maintain_order="left")
        .join(allocated, on="child", how="left", maintain_order="left")
        .with_columns(pl.coalesce("worker_id", "a_worker"), pl.coalesce("team_id", "a_team"))
        .drop("part", "a_worker", "a_team")
    )


def _involvements(people: Sequence[int] | None, led: Mapping[str, str]) -> pl.DataFrame:
    """The newest involvement of each part for each child, of those that have not ended."""
    rows = frame(
        rows=of_people(Involvement.objects.filter(ended_on=None), people),
        columns={
            "child": Cast("person_id", CharField()),
            "part": Lower("role"),
            "worker_id": "worker_id",
            "team_id": "team_id",
            "since": "started_on",
        },
        schema=SCHEMA,
    )
    part = pl.when(pl.col("part").str.starts_with(ALLOCATED)).then(pl.lit(ALLOCATED)).otherwise(pl.col("part"))
    own_last = pl.col("child").is_in(list(led)).not_()  # of two that began on one day, that of the record that leads
    return (
        rows.with_columns(part.alias("part"), pl.col("child").replace(dict(led)), own=own_last)
        .sort("since", "own", maintain_order=True)
        .drop("own")
        .unique(["child", "part"], keep="last", maintain_order=True)
    )
