"""A dataset as it stood on the day an inspector comes, as the Annex A lists are built from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from kith.statutory.returns.rule_shapes import birthday
from kith.statutory.returns.ssd.care_episodes import SHORT_BREAKS, care_episodes
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssda903.directories import Directory

_HOLDS = "social worker|allocated worker"  # whose case it is, by the words of their role


@dataclass(frozen=True, eq=False)
class OnTheDay:
    """A dataset as it stood at the end of `on`: nothing that came later is known.

    `directory` tells where homes lie and `authority` is the inspected authority's code there; without them the lists
    leave that blank.
    """

    dataset: Dataset
    on: date
    directory: Directory | None = None
    authority: str | None = None

    def months_before(self, months: int) -> pl.Expr:
        """The first day of a window that ends today."""
        return pl.lit(self.on).dt.offset_by(f"-{months}mo")

    def known(self, *days: str) -> list[pl.Expr]:
        """Those days where they have come; empty where they have not."""
        return [pl.when(pl.col(day) <= self.on).then(day).alias(day) for day in days]

    def lasting(self, start: str, end: str, *, months: int = 6) -> pl.Expr:
        """What had begun, and had not ended before the window."""
        going = pl.col(end).is_null() | (pl.col(end) >= self.months_before(months))
        return (pl.col(start) <= self.on) & going

    @cached_property
    def people(self) -> pl.DataFrame:
        """Each child: gender, ethnicity, birth_date, age in whole years, and disability (U where nobody has said)."""
        disability = self.dataset.table("ssd_disability").group_by(child="disa_person_id")
        disabled = disability.agg(_some=(pl.col("disa_disability_code").str.to_uppercase() != "NONE").any())
        turned = (birthday("birth_date", years) <= pl.lit(self.on) for years in range(1, 131))
        age = pl.sum_horizontal(*turned)
        born = (pl.col("birth_date") <= self.on).fill_null(False)
        return (
            self.dataset.table("ssd_person")
            .select(child="pers_person_id", gender="pers_sex", ethnicity="pers_ethnicity", birth_date="pers_dob")
            .join(disabled, on="child", how="left", maintain_order="left")
            .with_columns(
                age=pl.when(born).then(age),
                disability=pl.when("_some")
                .then(pl.lit("Y"))
                .when(~pl.col("_some"))
                .then(pl.lit("N"))
                .otherwise(pl.lit("U")),
            )
            .drop("_some")
        )

    @cached_property
    def care(self) -> pl.DataFrame:
        """Every episode of care but short breaks, as it stood."""
        told = care_episodes(self.dataset, until=self.on)
        return told.filter(~pl.col("legal_status").is_in(SHORT_BREAKS).fill_null(False))

    def named(self, rows: pl.DataFrame, *, workers: tuple[str, ...] = ("worker",)) -> pl.DataFrame:
        """The rows with the names of teams and workers in place of their ids, which stay where they have no name."""
        teams = self.dataset.table("ssd_department").select(_who="dept_team_id", _called="dept_team_name")
        people = self.dataset.table("ssd_professionals").select(
            _who="prof_professional_id", _called="prof_professional_name"
        )
        for column, names in (("team", teams), *((each, people) for each in workers)):
            joined = rows.join(names, left_on=column, right_on="_who", how="left", maintain_order="left")
            rows = joined.with_columns(pl.coalesce("_called", column).alias(column)).drop("_called")
        return rows

    def held_by(self, rows: pl.DataFrame, *, start: str, end: str) -> pl.DataFrame:
        """The rows with `team` and `worker`: the last to hold the case between two days, a social worker first."""
        role = pl.col("invo_professional_role_id").str.to_lowercase().str.replace_all("_", " ")
        held = self.dataset.table("ssd_involvements").select(
            child="invo_person_id",
            _from=pl.col("invo_involvement_start_date"),
            _to=pl.col("invo_involvement_end_date"),
            _own=role.str.contains(_HOLDS).fill_null(False),
            team="invo_professional_team",
            worker="invo_professional_id",
        )
        numbered = rows.with_row_index("_at")
        both = numbered.select("_at", "child", _start=start, _end=end).join(held, on="child")
        last_day = pl.coalesce("_end", pl.lit(self.on))
        within = (pl.col("_from").is_null() | (pl.col("_from") <= last_day)) & (
            pl.col("_to").is_null() | (pl.col("_to") >= pl.col("_start"))
        )
        best = both.filter(within).sort("_own", "_from", maintain_order=True)
        last = best.unique("_at", keep="last", maintain_order=True).select("_at", "team", "worker")
        return numbered.join(last, on="_at", how="left", maintain_order="left").drop("_at")
