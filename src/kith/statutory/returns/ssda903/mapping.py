"""Turns checked SSDA903 rows, other than episodes, into tables of the dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from kith.statutory.returns.ids import with_id
from kith.statutory.returns.ssda903.tables import EARLIER

Rows = Mapping[str, pl.DataFrame]
_SEX = {then: now for each in EARLIER if each.field == "SEX" for now, then in each.codes.items()}
_UASC = {"CHILD": pl.String(), "DUC": pl.Date()}
_YES_NO = {"1": "Y", "0": "N"}


def identified(frame: pl.DataFrame, *, name: str, day: str | None = None) -> pl.DataFrame:
    """The rows with a text id: the child, and the day where there is one."""
    content = [each for each in frame.columns if not each.startswith("_")]
    if day is None:
        return with_id(frame, name=name, natural=["CHILD"], content=content)
    days = frame.with_columns(pl.col(day).cast(pl.String).alias("_day"))
    return with_id(days, name=name, natural=["CHILD"], days=["_day"], content=content).drop("_day")


def people(rows: Rows) -> dict[str, pl.DataFrame]:
    """Every child that any table names; what the Header says of them comes first, then the other tables."""
    wanted = ("CHILD", "DOB", "SEX", "ETHNIC", "UPN", "MOTHER")
    order = ["Header", *(name for name in rows if name != "Header")]
    found = [_some(rows[name], wanted) for name in order if name in rows]
    if not found:
        return {}
    together = pl.concat(found, how="diagonal").group_by("CHILD", maintain_order=True)
    known = together.agg(pl.col(name).drop_nulls().first() for name in wanted[1:])
    unknown = pl.col("UPN").str.contains(r"^UN\d+$").fill_null(False)
    person = known.select(
        pers_person_id="CHILD",
        pers_sex=pl.col("SEX").replace(_SEX),
        pers_ethnicity="ETHNIC",
        pers_dob="DOB",
        pers_upn_unknown=pl.when(unknown).then("UPN"),
        pers_upn=pl.when(~unknown).then("UPN"),
        pers_is_mother=pl.col("MOTHER").replace(_YES_NO),
    )
    return {"ssd_person": person} | _mothers(rows)


def _some(frame: pl.DataFrame, wanted: Sequence[str]) -> pl.DataFrame:
    present = frame.select(each for each in wanted if each in frame.columns)
    missing = [pl.lit(None, dtype=pl.Date if each == "DOB" else pl.String).alias(each) for each in wanted]
    return present.with_columns(each for each in missing if each.meta.output_name() not in present.columns)


def _mothers(rows: Rows) -> dict[str, pl.DataFrame]:
    if "Header" not in rows:
        return {}
    told = rows["Header"].filter(pl.col("MC_DOB").is_not_null())
    return {
        "ssd_mother": told.select(
            moth_table_id=pl.concat_str("CHILD", pl.lit("-child")), moth_person_id="CHILD", moth_childs_dob="MC_DOB"
        )
    }


def missing(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Times missing (M) or away (A)."""
    told = identified(frame, name="id", day="MIS_START")
    return {
        "ssd_missing": told.select(
            miss_table_id="id",
            miss_person_id="CHILD",
            miss_missing_episode_start_date="MIS_START",
            miss_missing_episode_type="MISSING",
            miss_missing_episode_end_date="MIS_END",
        )
    }


def uasc(rows: Rows) -> dict[str, pl.DataFrame]:
    """Unaccompanied asylum-seeking children, from their own table or a mark in the Header: a status that may end."""
    own = (
        rows["UASC"].select("CHILD", "DUC").unique(maintain_order=True)
        if "UASC" in rows
        else pl.DataFrame(schema=_UASC)
    )
    marked = rows["Header"].filter(pl.col("UASC") == "1").select("CHILD") if "Header" in rows else own.select("CHILD")
    told = identified(pl.concat([own, marked.join(own, on="CHILD", how="anti")], how="diagonal"), name="id")
    return {
        "ssd_immigration_status": told.select(
            immi_person_id="CHILD",
            immi_immigration_status_id=pl.concat_str("id", pl.lit("-uasc")),
            immi_immigration_status=pl.lit("UASC"),
            immi_immigration_status_end_date="DUC",
        )
    }


def care_leavers(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Care leavers as the year's return has them; the digit after the letter of a home says whether it was suitable."""
    told = identified(frame, name="id").with_columns(
        pl.col("ACCOM").str.extract_groups(r"^([A-Z])([12])$").alias("_ac")
    )
    return {
        "ssd_care_leavers": told.select(
            clea_table_id=pl.concat_str("id", pl.lit("-leaver")),
            clea_person_id="CHILD",
            clea_care_leaver_in_touch="IN_TOUCH",
            clea_care_leaver_accommodation=pl.coalesce(pl.col("_ac").struct.field("1"), "ACCOM"),
            clea_care_leaver_accom_suitable=pl.col("_ac").struct.field("2"),
            clea_care_leaver_activity="ACTIV",
        )
    }


def previous_permanence(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Permanent homes before this period of care. The date stays text, for parts of it may be unknown (ZZ)."""
    told = identified(frame, name="id")
    return {
        "ssd_cla_previous_permanence": told.select(
            lapp_table_id="id",
            lapp_person_id="CHILD",
            lapp_previous_permanence_order_date="DATE_PERM",
            lapp_previous_permanence_option="PREV_PERM",
            lapp_previous_permanence_la="LA_PERM",
        )
    }


def oc2(frame: pl.DataFrame, *, year: int | None) -> dict[str, pl.DataFrame]:
    """Health and outcomes, kept as returned for the year: the answers carry no dates, so they are no health checks."""
    told = identified(frame.with_columns(koc2_year=pl.lit(year, pl.Int64)), name="_child")
    answers = [each for each in frame.columns if each not in ("CHILD", "DOB") and not each.startswith("_")]
    return {
        "kith_oc2": told.select(
            pl.concat_str("_child", pl.lit(f"-{year or 'undated'}")).alias("koc2_table_id"),
            pl.col("CHILD").alias("koc2_person_id"),
            "koc2_year",
            *[pl.col(each).alias(f"koc2_{each.lower()}") for each in answers],
        )
    }


def liberty(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Deprivation of liberty orders."""
    told = identified(frame, name="kdol_table_id", day="DOLO_START")
    return {
        "kith_deprivation_of_liberty": told.select(
            "kdol_table_id", kdol_person_id="CHILD", kdol_start_date="DOLO_START", kdol_end_date="DOLO_END"
        )
    }


def workers(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Social workers by their registration number, and when each held the case."""
    told = identified(frame, name="id", day="SW_DECOM")
    numbers = told.select(pl.col("SW_ID").drop_nulls().unique(maintain_order=True))
    registered = pl.col("SW_ID").str.starts_with("SW")
    return {
        "ssd_involvements": told.select(
            invo_involvements_id="id",
            invo_professional_id="SW_ID",
            invo_professional_role_id=pl.lit("Social worker"),
            invo_involvement_start_date="SW_DECOM",
            invo_involvement_end_date="SW_DEC",
            invo_worker_change_reason="SW_REASON",
            invo_person_id="CHILD",
        ),
        "ssd_professionals": numbers.select(
            prof_professional_id="SW_ID", prof_social_worker_registration_no=pl.when(registered).then("SW_ID")
        ),
    }


def permanence(rows: Rows) -> dict[str, pl.DataFrame]:
    """The way to adoption: what AD1 says of an adoption stands with the decision to place that was not reversed.

    DATE_PLACED and DATE_INT are one day, on which it was decided that the child should be placed for adoption. The day
    the child went to live with the adopters is the beginning of an episode.
    """
    empty = pl.DataFrame(schema={"CHILD": pl.String})
    placed, adopted = rows.get("PlacedAdoption", empty), rows.get("AD1", empty)
    if placed.is_empty() and adopted.is_empty():
        return {}
    if not placed.is_empty():
        reversed_last = [pl.col("CHILD"), pl.col("DATE_PLACED_CEASED").is_not_null(), pl.col("DATE_PLACED")]
        placed = placed.sort(reversed_last, descending=[False, False, True], maintain_order=True)
    both = _ranked(placed).join(_ranked(adopted), on=["CHILD", "_rank"], how="full", coalesce=True)
    whole = both.with_columns(
        pl.lit(None, dtype=kind).alias(name) for name, kind in _ADOPTION.items() if name not in both.columns
    ).sort("CHILD", "_rank")
    told = identified(
        whole.with_columns(pl.coalesce("DATE_PLACED", "DATE_INT").alias("_began")), name="id", day="_began"
    )
    return {
        "ssd_permanence": told.select(
            perm_table_id="id",
            perm_person_id="CHILD",
            perm_adm_decision_date=pl.coalesce("DATE_PLACED", "DATE_INT"),
            perm_matched_date="DATE_MATCH",
            perm_adopted_by_carer_flag=pl.col("FOSTER_CARE").replace(_YES_NO),
            perm_number_of_adopters="NB_ADOPTR",
            perm_adopter_sex="SEX_ADOPTR",
            perm_adopter_legal_status="LS_ADOPTR",
            perm_decision_reversed_date="DATE_PLACED_CEASED",
            perm_decision_reversed_reason="REASON_PLACED_CEASED",
        )
    }


_ADOPTION: Mapping[str, pl.DataType] = {
    "DATE_INT": pl.Date(),
    "DATE_MATCH": pl.Date(),
    "FOSTER_CARE": pl.String(),
    "NB_ADOPTR": pl.String(),
    "SEX_ADOPTR": pl.String(),
    "LS_ADOPTR": pl.String(),
    "DATE_PLACED": pl.Date(),
    "DATE_PLACED_CEASED": pl.Date(),
    "REASON_PLACED_CEASED": pl.String(),
}


def _ranked(frame: pl.DataFrame) -> pl.DataFrame:
    kept = frame.select(each for each in frame.columns if not each.startswith("_") and each != "DOB")
    return kept.unique(maintain_order=True).with_columns(pl.int_range(pl.len()).over("CHILD").alias("_rank"))
