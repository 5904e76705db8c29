"""Work of the plain kinds, all told in one table: what it is, what it belongs to and follows, and its days."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.journey_parts import moment
from kith.statutory.timescales.fact_words import plain_kinds


def plain_work(dataset: Dataset) -> pl.DataFrame:
    """Plain work. A row of a kind that is not one of them is kept as it came, and tells nothing.

    `work_belongs_to` is the ref of a period and `work_follows` that of a child's part in other work, or of a home:
    "cin_plan:P1", "care_review:R7". The kind is part of the ref.
    """
    told = dataset.table("kith_work").filter(pl.col("work_kind").is_in(list(plain_kinds())))
    return told.select(
        ref=pl.concat_str("work_kind", pl.lit(":"), "work_table_id"),
        kind="work_kind",
        code="work_code",
        child="work_person_id",
        opened_on="work_opened_date",
        opened_at=moment("work_opened_date", "work_opened_time"),
        planned_on="work_planned_date",
        happened_on="work_happened_date",
        happened_at=moment("work_happened_date", "work_happened_time"),
        done_on="work_done_date",
        done_at=moment("work_done_date", "work_done_time"),
        outcome="work_outcome",
        span="work_belongs_to",
        led_from="work_follows",
        worker="work_worker_id",
        team="work_team_id",
    )
