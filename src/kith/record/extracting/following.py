"""What the dataset says in one table of what another holds follows, where that was recorded in Kith."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from .facts import Said
from .telling import Tables

_LEAVERS, _CONTACTS = "ssd_care_leavers", "kith_care_leaver_contact"
_LATEST, _PERSON = "clea_care_leaver_latest_contact", "clea_person_id"
_MISSING, _INTERVIEWS = "ssd_missing", "kith_return_interview"
_OFFERED, _ACCEPTED = "miss_missing_rhi_offered", "miss_missing_rhi_accepted"


def following(tables: Tables, said: Mapping[str, Said]) -> Tables:
    """The tables with what follows from work that was recorded, or changed, since the source said."""
    work = said["step"]
    if work.nothing:
        return tables
    return _answered(_in_touch(tables, work), work)


def _answered(tables: Tables, work: Said) -> Tables:
    """With the answer to the offer of a return interview beside the time missing that it is about."""
    if _MISSING not in tables or _INTERVIEWS not in tables:
        return tables
    kind = "return_interview:"
    refs = pl.concat([work.added.select("ref"), work.changed.select("ref")])["ref"].drop_nulls()
    ids = refs.filter(refs.str.starts_with(kind)).str.strip_prefix(kind)
    ours = tables[_INTERVIEWS].filter(pl.col("reti_table_id").is_in(ids.implode()))
    newest = ours.sort("reti_offered_date", nulls_last=False, maintain_order=True).unique(
        "reti_missing_id", keep="last"
    )
    answer = pl.col("reti_outcome").replace_strict({"accepted": "Y", "declined": "N"}, default=None)
    said = newest.select(miss_table_id="reti_missing_id", _answer=answer, _asked=pl.lit("Y"))
    told = tables[_MISSING].join(said, on="miss_table_id", how="left", maintain_order="left")
    offered, accepted = pl.coalesce("_asked", _OFFERED), pl.coalesce("_answer", _ACCEPTED)
    shown = told.with_columns(offered.alias(_OFFERED), accepted.alias(_ACCEPTED)).drop("_answer", "_asked")
    return tables | {_MISSING: shown}


def _in_touch(tables: Tables, work: Said) -> Tables:
    """With a care leaver's latest contact as it is."""
    if _LEAVERS not in tables or _CONTACTS not in tables:
        return tables
    newest = tables[_CONTACTS].group_by(pl.col("clco_person_id").alias(_PERSON)).agg(pl.col("clco_date").max())
    recorded = pl.concat([work.added.select("person"), work.changed.select("person")])["person"]
    theirs = recorded.str.replace(r"^\w+:", "").implode()
    told = tables[_LEAVERS].join(newest, on=_PERSON, how="left", maintain_order="left")
    later = pl.col(_PERSON).is_in(theirs) & (pl.col("clco_date") > pl.col(_LATEST).fill_null(pl.date(1, 1, 1)))
    latest = pl.when(later.fill_null(False)).then("clco_date").otherwise(_LATEST).alias(_LATEST)
    return tables | {_LEAVERS: told.with_columns(latest).drop("clco_date")}
