"""Builds the tables of the SSDA903 that are not episodes: reviews, outcomes, leavers, adoption, missing, workers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from kith.statutory.returns.rule_shapes import birthday, one_of
from kith.statutory.returns.ssda903.looked_after import ADOPTED
from kith.statutory.returns.ssda903.year_of_care import YearOfCare

_NOT_A_LEAVER = f"{ADOPTED} E2 E3"  # adopted, died, or in another authority's care
_PERMANENCE_ASKED_SINCE = date(2016, 4, 1)
_YES_NO: Mapping[str, str] = {"Y": "1", "N": "0"}
_AWAY = r"^\s*(?:A$|A\b|AWAY|ABSENT)"
_ANSWERS = (
    "SDQ_SCORE",
    "SDQ_REASON",
    "CONVICTED",
    "HEALTH_CHECK",
    "IMMUNISATIONS",
    "TEETH_CHECK",
    "HEALTH_ASSESSMENT",
    "SUBSTANCE_MISUSE",
    "INTERVENTION_RECEIVED",
    "INTERVENTION_OFFERED",
)


def _of(seen: YearOfCare, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of children looked after in the year otherwise than in short breaks only, with what is known of that."""
    return seen.born(rows.join(seen.in_care, on="CHILD", maintain_order="left"))


def reviews(seen: YearOfCare) -> pl.DataFrame:
    """Each review held in the year."""
    table = seen.dataset.table("ssd_cla_reviews")
    whose = seen.history.select("CHILD", "care").drop_nulls().unique("care", keep="first", maintain_order=True)
    held = table.filter(
        pl.col("clar_cla_review_date").is_between(seen.start, seen.end),
        ~one_of(pl.col("clar_cla_review_cancelled").str.to_uppercase(), "Y"),
    ).join(whose, left_on="clar_cla_id", right_on="care", maintain_order="left")
    return _of(seen, held.select("CHILD", REVIEW="clar_cla_review_date", REVIEW_CODE="clar_cla_review_participation"))


def missing(seen: YearOfCare) -> pl.DataFrame:
    """Each time a child went missing from care, or was away, that was not over when the year began."""
    kind = pl.col("miss_missing_episode_type").str.to_uppercase()
    told = seen.dataset.table("ssd_missing").select(
        CHILD="miss_person_id",
        MISSING=pl.when(kind.str.contains(_AWAY)).then(pl.lit("A")).when(kind.str.contains(r"^\s*M")).then(pl.lit("M")),
        MIS_START="miss_missing_episode_start_date",
        MIS_END="miss_missing_episode_end_date",
    )
    of_year = told.filter(
        pl.col("MIS_START") <= seen.end, pl.col("MIS_END").is_null() | (pl.col("MIS_END") >= seen.start)
    ).with_columns(seen.by_the_end("MIS_END"))
    return _of(seen, _during_care(seen, of_year.with_row_index("_at"), "MIS_START"))


def _during_care(seen: YearOfCare, rows: pl.DataFrame, day: str) -> pl.DataFrame:
    """The rows whose day lies in an episode of care."""
    spans = rows.select("_at", "CHILD", day).join(seen.history.select("CHILD", "DECOM", "DEC"), on="CHILD")
    inside = (pl.col(day) >= pl.col("DECOM")) & (pl.col("DEC").is_null() | (pl.col(day) <= pl.col("DEC")))
    return rows.join(spans.filter(inside).select("_at").unique(), on="_at", how="semi", maintain_order="left")


def workers(seen: YearOfCare) -> pl.DataFrame:
    """Each social worker who held the case while the child was looked after, where that was not over by the year.

    A worker without a registration number is known by XX and the authority's own number.
    """
    own = pl.col("invo_professional_id").str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    numbered = seen.dataset.table("ssd_professionals").select(
        invo_professional_id="prof_professional_id", _number="prof_social_worker_registration_no"
    )
    role = pl.col("invo_professional_role_id").str.to_lowercase().str.replace_all("_", " ")
    held = (
        seen.dataset.table("ssd_involvements")
        .filter(role.str.contains("social worker"))
        .join(numbered, on="invo_professional_id", how="left", maintain_order="left")
    )
    told = _of(
        seen,
        held.select(
            CHILD="invo_person_id",
            SW_ID=pl.coalesce(
                "_number", pl.when(own.str.starts_with("XX")).then(own).otherwise("XX" + own.str.tail(10))
            ),
            SW_DECOM="invo_involvement_start_date",
            SW_DEC="invo_involvement_end_date",
            SW_REASON="invo_worker_change_reason",
        ),
    )
    begun = (pl.col("SW_DECOM") <= seen.end) & (pl.col("_left").is_null() | (pl.col("SW_DECOM") < pl.col("_left")))
    from_then = pl.max_horizontal(pl.lit(seen.start), "_entered")
    going = pl.col("SW_DEC").is_null() | (pl.col("SW_DEC") >= from_then)
    return told.filter(begun & going).with_columns(seen.by_the_end("SW_DEC"))


def liberty(seen: YearOfCare) -> pl.DataFrame:
    """Each deprivation of liberty order that was not over when the year began."""
    told = seen.dataset.table("kith_deprivation_of_liberty").select(
        CHILD="kdol_person_id", DOLO_START="kdol_start_date", DOLO_END="kdol_end_date"
    )
    going = pl.col("DOLO_END").is_null() | (pl.col("DOLO_END") >= seen.start)
    return _of(seen, told.filter((pl.col("DOLO_START") <= seen.end) & going).with_columns(seen.by_the_end("DOLO_END")))


def earlier_permanence(seen: YearOfCare) -> pl.DataFrame:
    """What is known of a permanent home before care that began since it is asked for; the last row about a child."""
    told = seen.dataset.table("ssd_cla_previous_permanence").select(
        CHILD="lapp_person_id",
        PREV_PERM=pl.col("lapp_previous_permanence_option").str.to_uppercase(),
        LA_PERM="lapp_previous_permanence_la",
        DATE_PERM=pl.col("lapp_previous_permanence_order_date").str.to_uppercase(),
    )
    asked = seen.children.filter(pl.col("_entered") >= _PERMANENCE_ASKED_SINCE).select("CHILD")
    here = told.join(asked, on="CHILD", how="semi", maintain_order="left")
    return seen.born(here.unique("CHILD", keep="last", maintain_order=True))


def _decisions(seen: YearOfCare) -> pl.DataFrame:
    """Decisions that a child should be placed for adoption, as the year knew them."""
    told = seen.dataset.table("ssd_permanence").select(
        CHILD="perm_person_id",
        DATE_PLACED="perm_adm_decision_date",
        DATE_PLACED_CEASED="perm_decision_reversed_date",
        REASON_PLACED_CEASED="perm_decision_reversed_reason",
        DATE_MATCH="perm_matched_date",
        FOSTER_CARE=pl.col("perm_adopted_by_carer_flag").replace(_YES_NO),
        NB_ADOPTR="perm_number_of_adopters",
        SEX_ADOPTR="perm_adopter_sex",
        LS_ADOPTR="perm_adopter_legal_status",
    )
    reversed_later = (pl.col("DATE_PLACED_CEASED") > seen.end).fill_null(False)
    return _of(seen, told.filter(pl.col("DATE_PLACED") <= seen.end)).with_columns(
        seen.by_the_end("DATE_PLACED_CEASED"),
        REASON_PLACED_CEASED=pl.when(~reversed_later).then("REASON_PLACED_CEASED"),
    )


def to_be_adopted(seen: YearOfCare) -> pl.DataFrame:
    """Each decision to place for adoption that was not reversed before the year, nor before this care began."""
    reversal = pl.col("DATE_PLACED_CEASED")
    in_time = reversal.is_null() | ((reversal >= seen.start) & (reversal >= pl.col("_entered")))
    return _decisions(seen).filter(in_time)


def adopted(seen: YearOfCare) -> pl.DataFrame:
    """Each child adopted in the year, with the decision that led to it: the last that was not reversed."""
    ended = seen.children.filter(one_of("_reason", ADOPTED), pl.col("_left").is_between(seen.start, seen.end))
    standing = _decisions(seen).filter(pl.col("DATE_PLACED_CEASED").is_null()).sort("DATE_PLACED", maintain_order=True)
    last = standing.unique("CHILD", keep="last", maintain_order=True).drop("DOB")
    led = seen.born(ended.select("CHILD")).join(last, on="CHILD", how="left", maintain_order="left")
    return led.with_columns(DATE_INT="DATE_PLACED")


def leavers(seen: YearOfCare) -> pl.DataFrame:
    """Each care leaver of 17 to 25 by the end of the year, as the dataset has them; whose care went on is none yet."""
    told = seen.born(
        seen.dataset.table("ssd_care_leavers").select(
            CHILD="clea_person_id",
            IN_TOUCH=pl.col("clea_care_leaver_in_touch").str.to_uppercase(),
            ACTIV="clea_care_leaver_activity",
            ACCOM=pl.concat_str(
                "clea_care_leaver_accommodation", pl.col("clea_care_leaver_accom_suitable").fill_null("")
            ),
        )
    ).unique("CHILD", keep="last", maintain_order=True)
    age = [birthday("DOB", years) for years in (17, 18, 26)]
    aged = (age[0] <= seen.end) & (age[2] > seen.end)
    last = seen.history.group_by("CHILD").agg(_gone=pl.col("DEC").last(), _why=pl.col("REC").last(), _had=pl.lit(True))
    known = told.filter(aged).join(last, on="CHILD", how="left", maintain_order="left")
    of_year = pl.when(age[1] <= seen.end).then(age[1]).otherwise(age[0])  # at 17 and 18, the birthday that is asked of
    young = birthday("DOB", 19) > seen.end
    looked_after = pl.col("_had").fill_null(False) & (
        pl.col("_gone").is_null() | (young & (pl.col("_gone") >= of_year)).fill_null(False)
    )
    to_come = seen.dataset.table("ssd_cla_episodes").filter(pl.col("clae_cla_episode_start_date") > seen.end)
    later = to_come.select(CHILD="clae_person_id").join(last, on="CHILD", how="anti")
    all_year = seen.children.filter("_all_year").select("CHILD")
    return known.filter(~looked_after, ~one_of("_why", _NOT_A_LEAVER)).join(
        pl.concat([all_year, later]), on="CHILD", how="anti", maintain_order="left"
    )


def outcomes(seen: YearOfCare) -> pl.DataFrame:
    """Health and outcomes of each child looked after all year: what was returned before stands, else the dated facts.

    A check that the dataset does not hold counts as not done. Development checks are taken as done with the health
    assessments of a child under five. A child too young or too old to be asked of their feelings in part of the year,
    and not asked, has the reason SDQ1; any other child not asked has neither score nor reason.
    """
    who = seen.born(seen.children.filter("_all_year").select("CHILD"))
    worked_out = _worked_out(seen, who)
    given = seen.dataset.table("kith_oc2").filter(pl.col("koc2_year") == seen.year)
    returned = given.select(CHILD="koc2_person_id", **{f"_{each}": f"koc2_{each.lower()}" for each in _ANSWERS})
    both = worked_out.join(returned, on="CHILD", how="left", maintain_order="left")
    feelings = {
        each: pl.when(pl.any_horizontal(pl.col("_SDQ_SCORE", "_SDQ_REASON").is_not_null()))
        .then(f"_{each}")
        .otherwise(each)
        for each in ("SDQ_SCORE", "SDQ_REASON")
    }
    others = {each: pl.coalesce(f"_{each}", each) for each in _ANSWERS if each not in feelings}
    return both.with_columns(**feelings, **others)


def _turned(age: int, end: pl.Expr) -> pl.Expr:
    return birthday("DOB", age) <= end


def _flag(test: pl.Expr) -> pl.Expr:
    return pl.when(test).then(pl.lit("1")).otherwise(pl.lit("0"))


def _worked_out(seen: YearOfCare, who: pl.DataFrame) -> pl.DataFrame:
    end = pl.lit(seen.end)
    health = seen.dataset.table("ssd_cla_health").filter(
        pl.col("clah_health_check_status").str.to_lowercase().str.contains("completed").fill_null(True)
    )
    kind = pl.col("clah_health_check_type").str.to_lowercase()
    rows = who
    for name, table, child, day in (
        ("_assessed", health.filter(kind.str.contains("health")), "clah_person_id", "clah_health_check_date"),
        ("_teeth", health.filter(kind.str.contains("dental")), "clah_person_id", "clah_health_check_date"),
        ("_convicted", seen.dataset.table("ssd_cla_convictions"), "clac_person_id", "clac_cla_conviction_date"),
    ):
        rows = _counted(seen, rows, name, table.select(CHILD=child, _day=day))
    rows = _misused(seen, _immunised(seen, _asked(seen, rows)))
    assessed = pl.col("_assessed") > 0
    return rows.with_columns(
        CONVICTED=pl.when(_turned(10, end)).then(_flag(pl.col("_convicted") > 0)),
        HEALTH_CHECK=pl.when(~_turned(5, end)).then(_flag(assessed)),
        TEETH_CHECK=_flag(pl.col("_teeth") > 0),
        HEALTH_ASSESSMENT=_flag(assessed),
    )


def _counted(seen: YearOfCare, rows: pl.DataFrame, name: str, events: pl.DataFrame) -> pl.DataFrame:
    """The rows with how many of the events fell in the year."""
    within = events.filter(pl.col("_day").is_between(seen.start, seen.end)).group_by("CHILD").agg(pl.len().alias(name))
    return rows.join(within, on="CHILD", how="left", maintain_order="left").with_columns(pl.col(name).fill_null(0))


def _asked(seen: YearOfCare, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the last score of the year, or else the last reason that there is none."""
    asked = seen.dataset.table("ssd_sdq_scores").filter(
        pl.col("csdq_sdq_completed_date").is_between(seen.start, seen.end)
    )
    last = (
        asked.sort(pl.col("csdq_sdq_score").is_not_null(), "csdq_sdq_completed_date", maintain_order=True)
        .unique("csdq_person_id", keep="last", maintain_order=True)
        .select(CHILD="csdq_person_id", _score="csdq_sdq_score", _reason="csdq_sdq_reason")
    )
    joined = rows.join(last, on="CHILD", how="left", maintain_order="left")
    end, start = pl.lit(seen.end), pl.lit(seen.start)
    old_enough, young_enough = birthday("DOB", 4) <= end, birthday("DOB", 17) >= start
    within = (birthday("DOB", 4) <= start) & (birthday("DOB", 16) >= end)
    too_young_or_old = pl.when(old_enough & young_enough & ~within).then(pl.lit("SDQ1"))
    asked_of = old_enough & young_enough
    return joined.with_columns(
        SDQ_SCORE=pl.when(asked_of).then("_score"),
        SDQ_REASON=pl.when(asked_of & pl.col("_score").is_null()).then(pl.coalesce("_reason", too_young_or_old)),
    )


def _immunised(seen: YearOfCare, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with whether immunisations were up to date when that was last noted by the end of the year."""
    noted = seen.dataset.table("ssd_cla_immunisations").filter(pl.col("clai_immunisations_status_date") <= seen.end)
    last = (
        noted.sort("clai_immunisations_status_date", maintain_order=True)
        .unique("clai_person_id", keep="last", maintain_order=True)
        .select(CHILD="clai_person_id", IMMUNISATIONS=pl.col("clai_immunisations_status").replace(_YES_NO))
    )
    return rows.join(last, on="CHILD", how="left", maintain_order="left")


def _misused(seen: YearOfCare, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with whether a problem of substance misuse was found in the year, and whether help was received."""
    day = "clas_substance_misuse_date"
    found = seen.dataset.table("ssd_cla_substance_misuse").filter(pl.col(day).is_between(seen.start, seen.end))
    each = (
        found.sort(day, maintain_order=True)
        .group_by(CHILD="clas_person_id")
        .agg(
            SUBSTANCE_MISUSE=pl.lit("1"),
            INTERVENTION_RECEIVED=pl.col("clas_intervention_received").drop_nulls().last().replace(_YES_NO),
            INTERVENTION_OFFERED=pl.lit(None, pl.String),
        )
    )
    joined = rows.join(each, on="CHILD", how="left", maintain_order="left")
    return joined.with_columns(pl.col("SUBSTANCE_MISUSE").fill_null("0"))
