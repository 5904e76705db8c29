"""Some families of the invented borough, whole: everything about them, and nothing about anybody else."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset, references

EVERYBODYS = ("ssd_department", "ssd_professionals", "kith_post", "kith_adopter")
PERSON = "ssd_person.pers_person_id"
MEETINGS = (("kith_strategy_meeting", "stra_meeting_id"), ("ssd_initial_cp_conference", "icpc_icpc_meeting_id"))
VISITS = (
    ("ssd_cin_visits", "cinv_cin_visit_id"),
    ("ssd_cp_visits", "cppv_cp_visit_id"),
    ("ssd_cla_visits", "clav_cla_visit_id"),
)


def families(whole: Dataset, *, every: int, also: Iterable[str] = ()) -> Dataset:
    """Each so-manyeth family, and the families of `also`."""
    member = whole.table("ssd_family")
    names = member["fami_family_id"].unique(maintain_order=True)
    theirs = member.filter(pl.col("fami_person_id").is_in(list(also)))["fami_family_id"]
    wanted = pl.concat([names.gather_every(every), theirs]).unique()
    people = member.filter(pl.col("fami_family_id").is_in(wanted.implode()))["fami_person_id"]
    return about(whole, people)


def about(whole: Dataset, people: pl.Series) -> Dataset:
    """Everything about these children."""
    kept: dict[str, pl.DataFrame] = {name: whole.table(name) for name in EVERYBODYS}
    for name, frame in whole.tables.items():
        column = next((field for field, to in references(name).items() if to == PERSON), None)
        if column and name not in kept:
            kept[name] = frame.filter(pl.col(column).is_in(people.implode()))
    kept["ssd_person"] = _those(whole, "ssd_person", "pers_person_id", people)
    carers = whole.table("kith_adult").filter(pl.col("adul_record") == "carer")["adul_person_id"].head(2)
    adults = pl.concat([kept["kith_relationship"]["rela_other_person_id"].drop_nulls(), carers])
    kept["kith_adult"] = _those(whole, "kith_adult", "adul_person_id", adults)
    for name, frame in whole.tables.items():
        for field, to in references(name).items() if name not in kept else ():
            table, column = to.split(".")
            kept[name] = frame.filter(pl.col(field).is_in(kept[table][column].implode()))
            break
    met = pl.concat([kept[name][field] for name, field in MEETINGS])
    kept["kith_meeting_attendance"] = _those(whole, "kith_meeting_attendance", "matt_meeting_id", met)
    visited = pl.concat([kept[name][field] for name, field in VISITS])
    kept["kith_visit_note"] = _those(whole, "kith_visit_note", "vnot_visit_id", visited)
    kept["ssd_cla_reviews"] = _those(whole, "ssd_cla_reviews", "clar_cla_id", kept["ssd_cla_episodes"]["clae_cla_id"])
    return Dataset({name: kept[name] for name in whole.tables if name in kept})


def _those(whole: Dataset, name: str, column: str, ids: pl.Series) -> pl.DataFrame:
    return whole.table(name).filter(pl.col(column).is_in(ids.drop_nulls().implode()))
