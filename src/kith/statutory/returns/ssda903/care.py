"""Works out periods of care, placements and legal statuses from SSDA903 episodes, which give no ids to any of them."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.checking import PLACE
from kith.statutory.returns.ids import with_id

_MOVES = ["S", "P", "T", "B", "U"]  # reasons for a new episode that say the child moved
_HOME = ("PLACE", "PLACE_PROVIDER", "URN", "PL_POST")


def with_care(episodes: pl.DataFrame) -> pl.DataFrame:
    """Checked episodes in order, with the ids of their period of care (`cla_id`), placement and legal status.

    A period of care is a run of a child's episodes in which none begins later than the one before it ceased. A new
    placement begins where the reason for the episode says that the child moved, or where the placement is another. A
    period is named by the child and the day its first episode here began: a return that leaves out the early episodes
    of a long period names it by a later day than one that holds them.
    """
    ordered = episodes.sort("CHILD", "DECOM", "DEC", nulls_last=True, maintain_order=True)
    before = {name: pl.col(name).shift(1).over("CHILD") for name in ("DEC", "LS", *_HOME)}
    first = pl.int_range(pl.len()).over("CHILD") == 0
    begins = first | (pl.col("DECOM") > before["DEC"]).fill_null(False)
    moved = pl.col("RNE").is_in(_MOVES).fill_null(False) | pl.any_horizontal(
        pl.col(name).ne_missing(before[name]) for name in _HOME
    )
    told = ordered.with_columns(
        _care=begins.cum_sum(),
        _home=(begins | moved).cum_sum(),
        _legal=(begins | pl.col("LS").ne_missing(before["LS"])).cum_sum(),
    )
    named = with_id(
        _days(told),
        name="episode_id",
        natural=["CHILD"],
        days=["_decom"],
        content=[each for each in episodes.columns if each not in PLACE],
    ).drop("_decom")
    return _named(_named(_named(named, "cla_id", "_care"), "placement_id", "_home"), "legal_id", "_legal")


def _days(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col("DECOM").cast(pl.String).alias("_decom"))


def _named(frame: pl.DataFrame, name: str, run: str) -> pl.DataFrame:
    """The frame with an id for each run of rows: the child and the day the run began."""
    runs = frame.group_by(run, maintain_order=True).agg(
        pl.col("CHILD").first(), pl.col("DECOM").first().cast(pl.String).alias("_began")
    )
    named = with_id(runs, name=name, natural=["CHILD"], days=["_began"], content=[run, "CHILD", "_began"])
    return frame.join(named.select(run, name), on=run, how="left", maintain_order="left")


def care_tables(told: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The tables of the dataset that episodes fill, from episodes as `with_care` tells them."""
    home = told.filter(pl.col("HOME_POST").is_not_null())
    return {
        "ssd_cla_episodes": _episodes(told),
        "ssd_cla_placement": _placements(told),
        "ssd_legal_status": _legal_statuses(told),
        "kith_episode_detail": home.select(kepi_cla_episode_id="episode_id", kepi_home_postcode="HOME_POST"),
    }


def _episodes(told: pl.DataFrame) -> pl.DataFrame:
    return told.select(
        clae_cla_episode_id="episode_id",
        clae_person_id="CHILD",
        clae_cla_episode_start_date="DECOM",
        clae_cla_episode_start_reason="RNE",
        clae_cla_primary_need_code="CIN",
        clae_cla_episode_ceased_date="DEC",
        clae_cla_episode_ceased_reason="REC",
        clae_cla_id="cla_id",
        clae_cla_placement_id="placement_id",
        clae_entered_care_date=pl.col("DECOM").min().over("cla_id"),
    )


def _placements(told: pl.DataFrame) -> pl.DataFrame:
    """One row for each home: from the first episode there to the end of the last."""
    homes = told.group_by("placement_id", maintain_order=True).agg(
        clap_cla_placement_start_date=pl.col("DECOM").first(),
        clap_cla_placement_type=pl.col("PLACE").first(),
        clap_cla_placement_urn=pl.col("URN").first(),
        clap_cla_id=pl.col("cla_id").first(),
        clap_cla_placement_provider=pl.col("PLACE_PROVIDER").first(),
        clap_cla_placement_postcode=pl.col("PL_POST").first(),
        clap_cla_placement_end_date=pl.col("DEC").last(),
        clap_cla_placement_change_reason=pl.col("REASON_PLACE_CHANGE").last(),
        clap_person_id=pl.col("CHILD").first(),
    )
    return homes.rename({"placement_id": "clap_cla_placement_id"})


def _legal_statuses(told: pl.DataFrame) -> pl.DataFrame:
    spells = told.filter(pl.col("LS").is_not_null()).group_by("legal_id", maintain_order=True)
    statuses = spells.agg(
        lega_person_id=pl.col("CHILD").first(),
        lega_legal_status=pl.col("LS").first(),
        lega_legal_status_start_date=pl.col("DECOM").first(),
        lega_legal_status_end_date=pl.col("DEC").last(),
    )
    return statuses.rename({"legal_id": "lega_legal_status_id"})


def care_of_day(rows: pl.DataFrame, told: pl.DataFrame, *, day: str) -> pl.DataFrame:
    """The rows with `cla_id`, the period of care that each day falls in, or the nearest of that child's.

    Nearest is the last to begin by that day, else the child's first. A child with no episode here has none (null).
    """
    spells = told.group_by("cla_id", maintain_order=True).agg(pl.col("CHILD").first(), pl.col("DECOM").min())
    spells = spells.sort("DECOM")
    first = spells.group_by("CHILD", maintain_order=True).agg(pl.col("cla_id").first().alias("_first"))
    numbered = rows.with_row_index("_at").sort(day, nulls_last=True)
    began = spells.rename({"cla_id": "_last"})
    found = numbered.join_asof(
        began, left_on=day, right_on="DECOM", by="CHILD", strategy="backward", check_sortedness=False, coalesce=False
    )
    told_rows = found.join(first, on="CHILD", how="left").with_columns(cla_id=pl.coalesce("_last", "_first"))
    return told_rows.sort("_at").drop("_at", "_last", "_first", "DECOM")
