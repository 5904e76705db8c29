"""A dataset's episodes of care, as they stood at the end of a day: one for each legal status and home."""

from __future__ import annotations

from datetime import date

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset
from kith.vocabulary.codes import code_list

STAYS = "X1"  # an episode that ended so was followed by another on the same day
SHORT_BREAKS = ("V3", "V4")


def care_episodes(dataset: Dataset, *, until: date) -> pl.DataFrame:
    """Every episode that had begun by the end of `until`, in the order of child and day; what came later is not known.

    An episode is one of ssd_cla_episodes, cut again where another home or legal status begins inside it. Columns:
    `child`, `period` and `entered` (the number within all and the first day of its period of care: episodes of which
    none begins after the one before it ended), `start`, `why`, `need`, `end`, `reason`, `care` (the dataset's own id of
    the care), `episode` (of the episode), `legal_status`, `legal_start`, and of the home `home`, `home_start`, `place`,
    `provider`, `urn`, `postcode`, `change` (why it ended, where it ended with this episode).
    """
    told = _told(dataset, until)
    homes, statuses = _homes(dataset, told, until), _statuses(dataset, until)
    pieces = pl.concat([told.select("_at", "child", day="start", _cut=False), _cuts(told, homes, statuses)])
    placed = _in_force(pieces, statuses, start="legal_start", end="legal_end", field="legal_status")
    placed = _in_force(placed, homes, start="home_start", end="home_end", field="home").drop("home_start")
    linked = told.select("_at", _linked="home").join(homes.select(_linked="home"), on="_linked", how="semi")
    named = pl.coalesce(pl.when(~pl.col("_cut")).then("_linked"), "home")
    told_of = placed.join(linked, on="_at", how="left").with_columns(home=named).drop("_linked")
    return _periods(
        _joined(told.drop("home", "child"), told_of.join(homes.drop("child", "home_end"), on="home", how="left"))
    )


def _told(dataset: Dataset, until: date) -> pl.DataFrame:
    known = dataset.table("ssd_cla_episodes").select(
        child="clae_person_id",
        start="clae_cla_episode_start_date",
        why="clae_cla_episode_start_reason",
        need="clae_cla_primary_need_code",
        end="clae_cla_episode_ceased_date",
        reason="clae_cla_episode_ceased_reason",
        care="clae_cla_id",
        episode="clae_cla_episode_id",
        home="clae_cla_placement_id",
    )
    begun = known.filter(pl.col("start") <= until, pl.col("child").is_not_null())
    ordered = begun.sort("child", "start", "end", nulls_last=True, maintain_order=True).with_row_index("_at")
    return _as_at(ordered, until, end="end", with_it="reason")


def _as_at(frame: pl.DataFrame, until: date, *, end: str, with_it: str) -> pl.DataFrame:
    going = (pl.col(end) > until).fill_null(False)
    return frame.with_columns(pl.when(~going).then(each).alias(each) for each in (end, with_it))


def _homes(dataset: Dataset, told: pl.DataFrame, until: date) -> pl.DataFrame:
    of_care = told.select("care", _of_care="child").drop_nulls().unique("care", keep="first", maintain_order=True)
    known = dataset.table("ssd_cla_placement").join(of_care, left_on="clap_cla_id", right_on="care", how="left")
    homes = known.select(
        child=pl.coalesce("clap_person_id", "_of_care"),
        home="clap_cla_placement_id",
        home_start="clap_cla_placement_start_date",
        home_end="clap_cla_placement_end_date",
        place="clap_cla_placement_type",
        provider="clap_cla_placement_provider",
        urn="clap_cla_placement_urn",
        postcode="clap_cla_placement_postcode",
        change="clap_cla_placement_change_reason",
    )
    begun = homes.filter(pl.col("home_start") <= until).unique("home", keep="first", maintain_order=True)
    return _as_at(begun, until, end="home_end", with_it="change")


def _statuses(dataset: Dataset, until: date) -> pl.DataFrame:
    """Legal statuses by their code, which may stand before words that say it."""
    code = pl.col("lega_legal_status").str.strip_chars().str.extract(r"^(\w+)").str.to_uppercase()
    known = dataset.table("ssd_legal_status").select(
        child="lega_person_id",
        legal_status=code,
        legal_start="lega_legal_status_start_date",
        legal_end="lega_legal_status_end_date",
    )
    listed = pl.col("legal_status").is_in(list(code_list("legal_status").codes))
    return known.filter(listed, pl.col("legal_start") <= until)


def _cuts(told: pl.DataFrame, homes: pl.DataFrame, statuses: pl.DataFrame) -> pl.DataFrame:
    """The days inside an episode on which another home or status begins, or one ends and another goes on."""
    days = pl.concat(
        [
            homes.select("child", day="home_start"),
            statuses.select("child", day="legal_start"),
            statuses.select("child", day="legal_end"),
        ]
    )
    spans = told.select("_at", "child", "start", "end").join(days.drop_nulls().unique(), on="child")
    inside = (pl.col("day") > pl.col("start")) & (pl.col("end").is_null() | (pl.col("day") < pl.col("end")))
    return spans.filter(inside).select("_at", "child", "day", _cut=True)


def _in_force(pieces: pl.DataFrame, spans: pl.DataFrame, *, start: str, end: str, field: str) -> pl.DataFrame:
    """The pieces, with `field` and `start` of the span in force on their day: of several, the last to begin."""
    held = pieces.select("_at", "child", "day").join(spans, on="child")
    going = pl.col(end).is_null() | (pl.col(end) > pl.col("day")) | (pl.col(start) == pl.col("day"))
    latest = held.filter((pl.col(start) <= pl.col("day")) & going).sort(start, maintain_order=True)
    chosen = latest.unique(["_at", "day"], keep="last", maintain_order=True).select("_at", "day", field, start)
    return pieces.join(chosen, on=["_at", "day"], how="left", maintain_order="left")


def _joined(told: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """The pieces that differ from the one before, with the words of their episode; each ends where the next begins."""
    ordered = placed.sort("_at", "day")
    moved = pl.col("home").ne_missing(pl.col("home").shift(1))
    changed = pl.col("legal_status").ne_missing(pl.col("legal_status").shift(1))
    differs = pl.any_horizontal(moved & pl.col("home").is_not_null(), changed & pl.col("legal_status").is_not_null())
    kept = ordered.with_columns(_moved=moved, _changed=changed).filter(~pl.col("_cut") | differs)
    whole = kept.join(told, on="_at", how="left", maintain_order="left")
    again = pl.col("day").shift(-1).over("_at")
    both = pl.when(pl.col("_moved") & pl.col("_changed")).then(pl.lit("B"))
    cut_why = both.when("_moved").then(pl.lit("P")).otherwise(pl.lit("L"))
    return whole.with_columns(
        start=pl.col("day"),
        why=pl.when("_cut").then(cut_why).otherwise("why"),
        reason=pl.when(again.is_not_null()).then(pl.lit(STAYS)).otherwise("reason"),
        end=again.fill_null(pl.col("end")),
    ).with_columns(change=pl.when(pl.col("end").is_not_null() & _last_of_home()).then("change"))


def _last_of_home() -> pl.Expr:
    return pl.col("home").ne_missing(pl.col("home").shift(-1).over("child"))


def _periods(pieces: pl.DataFrame) -> pl.DataFrame:
    before = pl.col("end").shift(1).over("child")
    first = pl.int_range(pl.len()).over("child") == 0
    begins = first | (pl.col("start") > before).fill_null(False)
    numbered = pieces.with_columns(period=begins.cum_sum())
    return numbered.with_columns(entered=pl.col("start").first().over("period")).drop(
        "_at", "day", "_cut", "_moved", "_changed"
    )
