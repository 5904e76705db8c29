"""Who is sent to the daily service, and the window of time that decides it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset

OLDEST, LEAVER_FROM = 25, 16  # years of age


@dataclass(frozen=True)
class Window:
    """From 1 April of the financial year before last until tomorrow; both days count."""

    first: date
    last: date

    def overlaps(self, start: str, end: str) -> pl.Expr:
        """True of a stretch, still going on where it has no end, that has a day in the window."""
        begun = (pl.col(start) <= self.last).fill_null(False)
        return begun & (pl.col(end).is_null() | (pl.col(end) >= self.first))

    def holds(self, day: str) -> pl.Expr:
        """True of a day in the window."""
        return pl.col(day).is_between(self.first, self.last).fill_null(False)

    @property
    def year_ends(self) -> tuple[date, ...]:
        """Every 31 March in the window."""
        days = (date(year, 3, 31) for year in range(self.first.year, self.last.year + 1))
        return tuple(day for day in days if self.first <= day <= self.last)


def window(on: date) -> Window:
    """The window as it is on a day: 1 April of the financial year of that day less 24 months, to the day after it."""
    year = on.year if (on.month, on.day) >= (4, 1) else on.year - 1
    return Window(first=date(year - 2, 4, 1), last=on + timedelta(days=1))


def cohort(dataset: Dataset, *, on: date) -> pl.Series:
    """The ids of every child who is sent, in order.

    Born or due, 25 or under at some time in the window, and with an episode of need, an open referral that nothing
    came of yet, a plan or a home in it; or leaving care, in touch in it, and with an open episode.
    """
    within = window(on)
    every = (_in_need(dataset, within), _planned(dataset, within), _in_care(dataset, within), _leaving(dataset, within))
    wanted = pl.concat(every).drop_nulls().unique().implode()
    known = dataset.table("ssd_person").filter(_of_age(within) & pl.col("pers_person_id").is_in(wanted))
    return known["pers_person_id"].sort()


def _of_age(within: Window) -> pl.Expr:
    born = pl.coalesce("pers_dob", "pers_expected_dob")
    return ((born <= within.last) & (born.dt.offset_by(f"{OLDEST + 1}y") > within.first)).fill_null(False)


def _in_need(dataset: Dataset, within: Window) -> pl.Series:
    """Children with an episode in the window: among them every open referral with no assessment started."""
    return dataset.table("ssd_cin_episodes").filter(within.overlaps("cine_referral_date", "cine_close_date"))[
        "cine_person_id"
    ]


def _planned(dataset: Dataset, within: Window) -> pl.Series:
    plans = dataset.table("ssd_cin_plans")
    return plans.filter(within.overlaps("cinp_cin_plan_start_date", "cinp_cin_plan_end_date"))["cinp_person_id"]


def _in_care(dataset: Dataset, within: Window) -> pl.Series:
    homes = dataset.table("ssd_cla_placement")
    return homes.filter(within.overlaps("clap_cla_placement_start_date", "clap_cla_placement_end_date"))[
        "clap_person_id"
    ]


def _leaving(dataset: Dataset, within: Window) -> pl.Series:
    """Care leavers who were 16 to 25 in the window, were in touch in it, and have an episode that is open."""
    episodes = dataset.table("ssd_cin_episodes").filter(pl.col("cine_close_date").is_null())
    person = dataset.table("ssd_person").select("pers_person_id", "pers_dob")
    leavers = dataset.table("ssd_care_leavers").join(person, left_on="clea_person_id", right_on="pers_person_id")
    of_age = (pl.col("pers_dob").dt.offset_by(f"{LEAVER_FROM}y") <= within.last).fill_null(False)
    in_touch = leavers.filter(of_age & within.holds("clea_care_leaver_latest_contact"))
    return in_touch.filter(pl.col("clea_person_id").is_in(episodes["cine_person_id"].implode()))["clea_person_id"]
