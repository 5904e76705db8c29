"""What the dataset says of the latest of several rows follows, where a later one was recorded in Kith."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from .facts import Said
from .telling import Tables

_LEAVERS, _CONTACTS = "ssd_care_leavers", "kith_care_leaver_contact"
_LATEST, _PERSON = "clea_care_leaver_latest_contact", "clea_person_id"


def following(tables: Tables, said: Mapping[str, Said]) -> Tables:
    """The tables with a care leaver's latest contact as it is, where one was recorded since the source said."""
    work = said["step"]
    if work.nothing or _LEAVERS not in tables or _CONTACTS not in tables:
        return tables
    newest = tables[_CONTACTS].group_by(pl.col("clco_person_id").alias(_PERSON)).agg(pl.col("clco_date").max())
    recorded = pl.concat([work.added.select("person"), work.changed.select("person")])["person"]
    theirs = recorded.str.replace(r"^\w+:", "").implode()
    told = tables[_LEAVERS].join(newest, on=_PERSON, how="left", maintain_order="left")
    later = pl.col(_PERSON).is_in(theirs) & (pl.col("clco_date") > pl.col(_LATEST).fill_null(pl.date(1, 1, 1)))
    latest = pl.when(later.fill_null(False)).then("clco_date").otherwise(_LATEST).alias(_LATEST)
    return tables | {_LEAVERS: told.with_columns(latest).drop("clco_date")}
