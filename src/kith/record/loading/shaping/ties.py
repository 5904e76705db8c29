"""Who is who to whom, and who works with whom, from a dataset."""

from __future__ import annotations

import polars as pl

from kith.record.people.models import APART, SUPERVISED
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.involved import role_of

from .people import record, restrictions
from .words import Frames, ref, told_of, yes

NAMES_WORKERS = ("R1", "R3", "R4", APART)


def ties(dataset: Dataset) -> Frames:
    """Relationships, family groups, workers' parts in children's lives, and who may open a restricted record."""
    return {
        "relationship": _relationships(dataset),
        "family_member": _family_members(dataset),
        "involvement": _involvements(dataset),
        "named": _named(dataset),
    }


@told_of("kith_relationship", "ssd_mother")
def _relationships(dataset: Dataset) -> pl.DataFrame:
    said = dataset.table("kith_relationship").select(
        ref=ref("relationship", "rela_table_id"),
        person=ref("person", "rela_person_id"),
        other=ref("person", "rela_other_person_id"),
        kind="rela_kind",
        parental_responsibility=yes("rela_parental_responsibility"),
        in_household=yes("rela_in_household"),
        started_on="rela_start_date",
        ended_on="rela_end_date",
    )
    mothers = dataset.table("ssd_mother").select(
        ref=pl.lit("relationship:mother:") + pl.col("moth_person_id") + pl.lit(":") + pl.col("moth_childs_person_id"),
        person=ref("person", "moth_childs_person_id"),
        other=ref("person", "moth_person_id"),
        kind=pl.lit("mother"),
    )
    new = mothers.drop_nulls("ref").join(said, on=["person", "other", "kind"], how="anti")
    return pl.concat([said, new.unique("ref", keep="first", maintain_order=True)], how="diagonal")


@told_of("ssd_family")
def _family_members(dataset: Dataset) -> pl.DataFrame:
    return dataset.table("ssd_family").select(
        ref=ref("family_member", "fami_table_id"), family="fami_family_id", person=ref("person", "fami_person_id")
    )


@told_of("ssd_involvements")
def _involvements(dataset: Dataset) -> pl.DataFrame:
    return dataset.table("ssd_involvements").select(
        ref=ref("involvement", "invo_involvements_id"),
        person=ref("person", "invo_person_id"),
        worker=ref("worker", "invo_professional_id"),
        team=ref("team", "invo_professional_team"),
        role=role_of("invo_professional_role_id"),
        started_on="invo_involvement_start_date",
        ended_on="invo_involvement_end_date",
        change_reason="invo_worker_change_reason",
    )


@told_of("kith_person_detail", "kith_adult")
def _named(dataset: Dataset) -> pl.DataFrame:
    """Those who work with a child whose record is for named people only are named on it, for as long as they do.

    A shield names nobody: her allocated worker may know where she is, and a person names whoever else may. So with a
    record that is kept apart; a worker is named for her own.
    """
    restricted = restrictions(dataset).filter(pl.col("level").is_in(NAMES_WORKERS)).select("id")
    working = dataset.table("ssd_involvements").filter(pl.col("invo_professional_id").is_not_null())
    told = working.join(restricted, left_on="invo_person_id", right_on="id", how="semi").select(
        ref=ref("named", "invo_involvements_id"),
        person=ref("person", "invo_person_id"),
        worker=ref("worker", "invo_professional_id"),
        ended_on="invo_involvement_end_date",
    )
    own = dataset.table("kith_adult").filter(pl.col("adul_worker_id").is_not_null(), record() == SUPERVISED)
    herself = own.select(
        ref=ref("named:own", "adul_person_id"),
        person=ref("person", "adul_person_id"),
        worker=ref("worker", "adul_worker_id"),
    )
    return pl.concat([told, herself], how="diagonal")
