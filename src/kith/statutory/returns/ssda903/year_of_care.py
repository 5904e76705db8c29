"""A dataset seen from the end of a collection year, as the SSDA903 of that year is built from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from kith.statutory.returns.ssd.care_episodes import care_episodes
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssda903.looked_after import all_year, respite, touches_year


@dataclass(frozen=True, eq=False)
class YearOfCare:
    """A dataset seen from the end of a collection year: nothing that came later is known."""

    dataset: Dataset
    year: int

    @property
    def start(self) -> date:
        """The first day of the year."""
        return date(self.year - 1, 4, 1)

    @property
    def end(self) -> date:
        """The last day of the year."""
        return date(self.year, 3, 31)

    @cached_property
    def people(self) -> pl.DataFrame:
        """Everybody: CHILD, DOB, SEX, ETHNIC, UPN and what is said of being a mother (`_mother`)."""
        return self.dataset.table("ssd_person").select(
            CHILD="pers_person_id",
            DOB="pers_dob",
            SEX="pers_sex",
            ETHNIC="pers_ethnicity",
            UPN=pl.coalesce("pers_upn", "pers_upn_unknown"),
            _mother="pers_is_mother",
        )

    @cached_property
    def history(self) -> pl.DataFrame:
        """Every episode to the end of the year, with the return's names; the dataset's own in `care` and `entered`."""
        told = care_episodes(self.dataset, until=self.end).rename(
            {
                "child": "CHILD",
                "start": "DECOM",
                "why": "RNE",
                "legal_status": "LS",
                "need": "CIN",
                "place": "PLACE",
                "provider": "PLACE_PROVIDER",
                "end": "DEC",
                "reason": "REC",
                "change": "REASON_PLACE_CHANGE",
                "postcode": "PL_POST",
                "urn": "URN",
            }
        )
        return self.dated(told)

    @cached_property
    def episodes(self) -> pl.DataFrame:
        """The episodes of the year."""
        return self.history.filter(touches_year)

    @cached_property
    def children(self) -> pl.DataFrame:
        """Each child looked after in the year, with what their episodes of the year say together.

        CHILD, `_all_year`, `_real` (not in short breaks only), `_left` and `_reason` (when care ended and why; none
        while it goes on) and `_entered` (the first day of the care that the first of them is of).
        """
        return self.episodes.group_by("CHILD", maintain_order=True).agg(
            _all_year=all_year,
            _real=(~respite).any(),
            _left=pl.col("DEC").last(),
            _reason=pl.col("REC").last(),
            _entered=pl.col("entered").first(),
        )

    @property
    def in_care(self) -> pl.DataFrame:
        """The children looked after in the year otherwise than in short breaks only."""
        return self.children.filter("_real")

    def dated(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows with the first and last day of the year beside them, as the return's own terms ask."""
        return frame.with_columns(_year_start=pl.lit(self.start), _year_end=pl.lit(self.end))

    def by_the_end(self, *days: str) -> list[pl.Expr]:
        """Those days as the year knew them: empty where they came later."""
        return [pl.when(pl.col(day) <= self.end).then(day).alias(day) for day in days]

    def born(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows with each child's DOB."""
        return frame.join(self.people.select("CHILD", "DOB"), on="CHILD", how="left", maintain_order="left")
