"""Builds the SSDA903 return of a year from a dataset: its tables, with the columns and codes that the year has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import polars as pl

from kith.statutory.returns.rule_shapes import birthday, one_of
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssda903 import building_lives as lives
from kith.statutory.returns.ssda903.looked_after import OTHER, TEMPORARY, respite
from kith.statutory.returns.ssda903.tables import EARLIER, tables_of_year
from kith.statutory.returns.ssda903.year_of_care import YearOfCare
from kith.statutory.returns.table_specs import TableSpec

YES_NO: Mapping[str, str] = {"Y": "1", "N": "0"}
# Tables that are told of one table of the dataset: where that has no row there is nobody in them.
TOLD_OF: Mapping[str, str] = {
    "Reviews": "ssd_cla_reviews",
    "UASC": "ssd_immigration_status",
    "PlacedAdoption": "ssd_permanence",
    "PrevPerm": "ssd_cla_previous_permanence",
    "Missing": "ssd_missing",
    "SWEpisodes": "ssd_involvements",
    "DoLO": "kith_deprivation_of_liberty",
}
NOBODY = pl.DataFrame(schema={"CHILD": pl.String()})
_NO_PROVIDER = f"{TEMPORARY} {OTHER} Z1"


def tables_of(dataset: Dataset, *, year: int) -> dict[str, pl.DataFrame]:
    """The tables of the year's return, in their order: text columns as the return has them, null where blank.

    In it is every child looked after at any time in the year, and every care leaver who had a birthday from the 17th in
    it. What the dataset does not say is left blank, for the rules to find; nothing is made up.
    """
    seen = YearOfCare(dataset, year)
    leaving = lives.leavers(seen) if dataset.table("ssd_care_leavers").height else NOBODY
    makers: Mapping[str, Callable[[YearOfCare], pl.DataFrame]] = {
        "Header": lambda seen: header(seen, leaving),
        "Episodes": episodes,
        "Reviews": lives.reviews,
        "UASC": seeking_asylum,
        "OC2": lives.outcomes,
        "OC3": lambda seen: leaving,
        "AD1": lives.adopted,
        "PlacedAdoption": lives.to_be_adopted,
        "PrevPerm": lives.earlier_permanence,
        "Missing": lives.missing,
        "SWEpisodes": lives.workers,
        "DoLO": lives.liberty,
    }
    there = {name for name in makers if name not in TOLD_OF or dataset.table(TOLD_OF[name]).height}
    return {
        spec.name: _as_returned(spec, makers[spec.name](seen) if spec.name in there else NOBODY, year)
        for spec in tables_of_year(year)
    }


def _as_returned(spec: TableSpec, frame: pl.DataFrame, year: int) -> pl.DataFrame:
    """The columns of the table in order, as text: days as DD/MM/YYYY, codes as the year wrote them."""
    asked = [field for field in spec.fields if field.name not in spec.derived]
    if frame.is_empty():
        return pl.DataFrame(schema={field.name: pl.String() for field in asked})
    found: list[pl.Expr] = []
    for field in asked:
        value = pl.col(field.name)
        text = value.dt.strftime("%d/%m/%Y") if field.kind == "date" else value.cast(pl.String)
        for each in EARLIER:
            if each.field == field.name and year <= each.until:
                text = text.replace(dict(each.codes))
        found.append(text.alias(field.name))
    days = [field.name for field in spec.fields if field.kind == "date" and field.name != "DOB"]
    return frame.sort("CHILD", *days[:1], nulls_last=True, maintain_order=True).select(found)


def header(seen: YearOfCare, leaving: pl.DataFrame) -> pl.DataFrame:
    """Each child looked after in the year, and each care leaver."""
    who = pl.concat([seen.children.select("CHILD"), leaving.select("CHILD")]).unique(maintain_order=True)
    rows = who.join(seen.people, on="CHILD", how="left").join(seen.children, on="CHILD", how="left")
    children = seen.dataset.table("ssd_mother").group_by(CHILD="moth_person_id")
    first_child = children.agg(_first=pl.col("moth_childs_dob").min())
    known = rows.join(first_child, on="CHILD", how="left")
    asked = one_of("SEX", "F") & pl.col("_real").fill_null(False)
    born = pl.col("_first") <= pl.min_horizontal(pl.lit(seen.end), "_left")
    dated = pl.when(asked & born).then("_first")
    said = pl.when(pl.col("_first").is_null()).then(pl.col("_mother").replace(YES_NO)).otherwise(pl.lit("0"))
    return known.with_columns(
        MC_DOB=dated, MOTHER=pl.when(asked).then(pl.when(born.fill_null(False)).then(pl.lit("1")).otherwise(said))
    )


def seeking_asylum(seen: YearOfCare, *, since: date | None = None) -> pl.DataFrame:
    """Each unaccompanied asylum-seeking child looked after in the year; status goes on to the eighteenth birthday.

    `since`: those too whose status ended from that day on, who are not returned but whose homes are not located.
    """
    status = seen.dataset.table("ssd_immigration_status")
    marked = status.filter(
        pl.col("immi_immigration_status").str.to_uppercase().str.contains("UASC"),
        (pl.col("immi_immigration_status_start_date") <= seen.end).fill_null(True),
    )
    told = seen.born(marked.select(CHILD="immi_person_id", _end="immi_immigration_status_end_date"))
    ended = told.with_columns(seen.by_the_end("_end")).with_columns(DUC=pl.min_horizontal("_end", birthday("DOB", 18)))
    last = ended.sort("DUC", maintain_order=True).unique("CHILD", keep="last", maintain_order=True)
    here = last.join(seen.children, on="CHILD", how="semi", maintain_order="left")
    return here.filter((pl.col("DUC") >= (since or seen.start)).fill_null(True)).join(
        seen.people.select("CHILD", "SEX"), on="CHILD", how="left", maintain_order="left"
    )


def episodes(seen: YearOfCare) -> pl.DataFrame:
    """The year's episodes: no postcodes of short breaks, none of the home of a child who came alone."""
    told = seen.dataset.table(TOLD_OF["UASC"]).height
    alone = seeking_asylum(seen, since=date(seen.year - 2, 4, 1)) if told else NOBODY
    alone = alone.select("CHILD", _alone=pl.lit(True))
    rows = _with_home(seen, seen.episodes).join(alone, on="CHILD", how="left", maintain_order="left")
    located, home = ~respite, ~respite & pl.col("_alone").is_null()
    ended = pl.col("DEC").is_not_null() & ~one_of("PLACE", TEMPORARY)
    return rows.with_columns(
        PLACE_PROVIDER=pl.when(~one_of("PLACE", _NO_PROVIDER)).then("PLACE_PROVIDER"),
        PL_POST=pl.when(located).then(_spaced("PL_POST")),
        URN=pl.when(located).then("URN"),
        HOME_POST=pl.coalesce("_returned", pl.when(home).then(_spaced("_home_post"))),
        REASON_PLACE_CHANGE=pl.when(ended).then("REASON_PLACE_CHANGE"),
    )


def _with_home(seen: YearOfCare, rows: pl.DataFrame) -> pl.DataFrame:
    """The episodes with the postcode of the home the child came from: as returned before, or where they lived then."""
    returned = seen.dataset.table("kith_episode_detail").select(
        episode="kepi_cla_episode_id", _returned="kepi_home_postcode"
    )
    lived = (
        seen.dataset.table("ssd_address")
        .filter(pl.col("addr_address_type").str.to_lowercase().str.contains("home"))
        .select(CHILD="addr_person_id", _from="addr_address_start_date", _home_post="addr_address_postcode")
        .drop_nulls("_from")
        .sort("_from", maintain_order=True)
    )
    entries = rows.select("CHILD", "entered").unique().sort("entered")
    then = entries.join_asof(
        lived, left_on="entered", right_on="_from", by="CHILD", check_sortedness=False, coalesce=False
    )
    told = rows.join(returned, on="episode", how="left", maintain_order="left")
    return told.join(then.drop("_from"), on=["CHILD", "entered"], how="left", maintain_order="left")


def _spaced(postcode: str) -> pl.Expr:
    """A postcode as the post writes it, with a space before its last three characters."""
    plain = pl.col(postcode).str.to_uppercase().str.replace_all(" ", "")
    return plain.str.replace(r"^(\w+)(\d\w{2})$", "$1 $2")
