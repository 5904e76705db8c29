"""Who had a part in each child's life; and who a deadline falls to: her worker in that role today, else the team."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl
from django.db.models import CharField
from django.db.models.functions import Cast

from kith.foundation.access.viewer import Viewer
from kith.record.people.access import may_open
from kith.record.people.models import Involvement
from kith.statutory.timescales.book import RuleBook
from kith.statutory.timescales.numbering import collected
from kith.statutory.timescales.shapes import PARTS_SCHEMA

from .openings import Named
from .rows import PeoplesFrame

INVOLVED: dict[str, pl.DataType] = {**PARTS_SCHEMA, "worker_id": pl.Int64(), "team_id": pl.Int64()}
# Which part in a child's life each role of the rule book looks for; the allocated worker stands for every other role.
PARTS = {"reviewing_officer": "reviewing officer", "personal_adviser": "personal adviser", "cp_chair": "cp chair"}
ALLOCATED = "allocated"
LEADING = ("supervising social worker", "designated officer", "supervisor")  # of a grown-up, who stands for it


_involved = PeoplesFrame(
    Involvement.objects.all,
    {"child": Cast("person_id", CharField())}
    | {name: name for name in ("role", "ref", "started_on", "ended_on", "worker_id", "team_id")},
    INVOLVED,
)


def involved(people: Sequence[int] | None) -> pl.DataFrame:
    """Every part that a worker or a team had in these people's lives, then or now (INVOLVED). One query."""
    return _involved.of(people)


def names(viewer: Viewer, refs: Iterable[str]) -> dict[str, Named]:
    """What these refs are called, of those that are parts in the lives of children this viewer may see."""
    wanted = [ref for ref in refs if ref.startswith("involvement:")]
    if not wanted:
        return {}
    rows = Involvement.objects.filter(may_open(viewer), ref__in=wanted).select_related("person")
    return {row.ref: Named(kind="involvement", words=row.role, url=row.person.page) for row in rows}


def named_workers(rows: pl.DataFrame) -> pl.DataFrame:
    """Of these (INVOLVED), the parts that a named worker had (PARTS_SCHEMA)."""
    return rows.filter(pl.col("worker_id").is_not_null()).select(list(PARTS_SCHEMA))


def with_owners(
    found: pl.DataFrame, *, rules: RuleBook, rows: pl.DataFrame, led: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """Add worker_id and team_id to each deadline, which these rules made, from these parts (INVOLVED) of the children.

    A child with nobody keeps both empty: that is itself a finding.

    `led`: of records that are read together, which one leads each of the others.
    """
    now = _now(rows, led or {}).lazy()
    allocated = now.filter(pl.col("part") == ALLOCATED).select("child", a_worker="worker_id", a_team="team_id")
    roles = rules.falls_to.lazy().select("rule", "rule_version", part=_PART)
    owned = (
        found.lazy()
        .join(roles, on=["rule", "rule_version"], how="left", maintain_order="left")
        .join(now.drop("since"), on=["child", "part"], how="left", maintain_order="left")
        .join(allocated, on="child", how="left", maintain_order="left")
        .with_columns(pl.coalesce("worker_id", "a_worker"), pl.coalesce("team_id", "a_team"))
        .drop("part", "a_worker", "a_team")
    )
    return collected(owned, of=found)


_PART = pl.col("falls_to").replace_strict(PARTS, default=ALLOCATED)


def _now(rows: pl.DataFrame, led: Mapping[str, str]) -> pl.DataFrame:
    """The newest involvement of each part for each child, of those that have not ended."""
    role = pl.col("role").str.to_lowercase()
    leads = role.str.starts_with(ALLOCATED) | role.is_in(LEADING)
    part = pl.when(leads).then(pl.lit(ALLOCATED)).otherwise(role)
    own_last = pl.col("child").is_in(list(led)).not_()  # of two that began on one day, that of the record that leads
    running = rows.lazy().filter(pl.col("ended_on").is_null())
    told = running.select(
        pl.col("child").replace(dict(led)), "worker_id", "team_id", part=part, since="started_on", own=own_last
    )
    newest = told.sort("since", "own", maintain_order=True).drop("own")
    return collected(newest.unique(["child", "part"], keep="last", maintain_order=True), of=rows)
