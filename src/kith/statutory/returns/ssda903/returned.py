"""Reads an SSDA903 return for its rules: every row, as it is written, typed; with last year's beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

from kith.statutory.returns.csv_tables import Gathered, gather
from kith.statutory.returns.results import Progress, RefusedFile, no_progress
from kith.statutory.returns.returned import Returned
from kith.statutory.returns.rule_running import Return
from kith.statutory.returns.rule_tables import nothing_of, numbered, typed_rows
from kith.statutory.returns.ssda903.directories import Directory, Providers, with_places
from kith.statutory.returns.ssda903.tables import SPECS, latest_year, table_of
from kith.statutory.returns.ssda903.xml_form import gather_xml
from kith.statutory.returns.xml_files import looks_like_xml
from kith.vocabulary.spreadsheets import safe_table

KIND = "ssda903"
LAST = "_last"
ALL_YEARS = "EpisodesOfAllYears"
# What puts the rows of a child in order.
_DAYS: dict[str, str] = {
    "Episodes": "DECOM",
    "Reviews": "REVIEW",
    "PlacedAdoption": "DATE_PLACED",
    "Missing": "MIS_START",
    "SWEpisodes": "SW_DECOM",
    "DoLO": "DOLO_START",
    ALL_YEARS: "DECOM",
}
_PLACES: Mapping[str, pl.DataType] = {
    "PL_LA": pl.String(),
    "PL_LOCATION": pl.String(),
    "PL_DISTANCE": pl.Float64(),
    "_home_known": pl.Boolean(),
    "_place_known": pl.Boolean(),
}


def read_return(
    files: Sequence[Path],
    *,
    year: int | None = None,
    last_year: Sequence[Path] = (),
    earlier: Sequence[Path] = (),
    postcodes: Directory | None = None,
    providers: Providers | None = None,
    authority: str | None = None,
    whole: bool = False,
    progress: Progress = no_progress,
) -> Returned:
    """Every row of a return, for the collection year that ends on 31 March of `year`. Raises RefusedFile.

    Without `year`, it is the one in which the latest day stands on which an episode began or ended.
    `earlier` are the files of returns before last year's, whose episodes tell who was ever looked after. `authority` is
    the returning authority's code, as the directory of postcodes writes it. Of a `whole` return a table that is not
    here has no row; XML always is.
    """
    now, xml = _gathered(files, progress)
    then, xml_then = _gathered(last_year, no_progress) if last_year else (Gathered(), frozenset())
    tables = _typed(now, xml=xml, whole=whole or bool(xml))
    year = year or _year_of(tables, files[0].name)
    if last_year:
        tables |= _beside(tables, _typed(then, xml=xml_then, whole=True), _episodes_of(earlier))
    ordered = _ordered(tables, postcodes, authority)
    if providers:
        ordered["Providers"] = providers.placed(postcodes)
    there = {"xml": xml, "authority": authority, "last_year": last_year, "postcodes": postcodes, "providers": providers}
    given = frozenset(name for name, what in there.items() if what)
    said = Return(KIND, year, ordered, _constants(year, authority), given=given, empty=_empty(ordered))
    return _with_counts(said, now, then)


def read_built(tables: Mapping[str, pl.DataFrame], *, year: int) -> Returned:
    """What `read_return` reads of the files that `write_tables` writes of these tables, without the files.

    They are a whole return of text, as `building.tables_of` gives them. A test holds both ways to each other.
    """
    gathered = Gathered()
    for name, rows in tables.items():
        gathered.add(name, _as_written(name, rows))
    ordered = _ordered(_typed(gathered, xml=frozenset(), whole=True), None, None)
    said = Return(KIND, year, ordered, _constants(year, None), empty=_empty(ordered))
    return _with_counts(said, gathered, Gathered())


def _as_written(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the columns that files leave out, and the line of the file on which each would begin."""
    breaks = pl.concat_str(pl.all(), separator=",", ignore_nulls=True).str.count_matches(r"\r\n|\r|\n")
    before = breaks.cast(pl.Int64).cum_sum().shift(1, fill_value=0)
    lines = rows.select(_line=pl.int_range(2, pl.len() + 2) + before).to_series()
    left_out = [pl.lit(None, pl.String).alias(each) for each in SPECS[name].columns if each not in rows.columns]
    whole = safe_table(rows).with_columns(*left_out, pl.lit(f"{name}.csv").alias("_file"), lines, lines.alias("_row"))
    return whole.select(*SPECS[name].columns, "_file", "_line", "_row")


def _constants(year: int, authority: str | None) -> dict[str, date | str | None]:
    return {"_year_start": date(year - 1, 4, 1), "_year_end": date(year, 3, 31), "_authority": authority}


def _ordered(
    tables: Mapping[str, pl.DataFrame], directory: Directory | None, authority: str | None
) -> dict[str, pl.DataFrame]:
    """The tables in the order of child and day, the episodes with where their homes lie."""
    days = _DAYS | {f"{name}{LAST}": day for name, day in _DAYS.items()}
    found = numbered(tables, child=dict.fromkeys(tables, "CHILD"), days=days)
    for name in {"Episodes", f"Episodes{LAST}"} & set(found):
        found[name] = with_places(found[name], directory=directory, authority=authority)
    return found


def _beside(
    now: Mapping[str, pl.DataFrame], then: Mapping[str, pl.DataFrame], before: pl.DataFrame | None
) -> dict[str, pl.DataFrame]:
    """Last year's tables under their own names, and the episodes of all years given."""
    found = {f"{name}{LAST}": frame for name, frame in then.items()}
    if "Episodes" in now:
        found[ALL_YEARS] = _each_once(now["Episodes"], then["Episodes"], before)
    return found


def _episodes_of(files: Sequence[Path]) -> pl.DataFrame | None:
    if not files:
        return None
    gathered, xml = _gathered(files, no_progress)
    return _typed(gathered, xml=xml, whole=True)["Episodes"]


def _gathered(files: Sequence[Path], progress: Progress) -> tuple[Gathered, frozenset[str]]:
    """What the files hold, and the names of those that are XML."""
    found = Gathered()
    xml = [path for path in files if looks_like_xml(path)]
    for path in xml:
        gather_xml(path, into=found, progress=progress)
    gather([path for path in files if path not in xml], table_of=table_of, into=found, progress=progress)
    if not found.frames:
        mend = "Choose the folder of the return's tables, as CSV with their published headings, or its XML file."
        raise RefusedFile("no table of the SSDA903 was found.", mend=mend, file=files[0].name)
    return found, frozenset(path.name for path in xml)


def _typed(gathered: Gathered, *, xml: frozenset[str], whole: bool) -> dict[str, pl.DataFrame]:
    """The tables that are there; `whole`: all of them, those not there with no row."""
    found: dict[str, pl.DataFrame] = {}
    for name, spec in SPECS.items():
        if name in gathered.frames:
            frame = typed_rows(spec, pl.concat(gathered.frames[name]))
        elif whole:
            found[name] = _nothing(name)
            continue
        else:
            continue
        found[name] = _placed(frame, xml)
    if "UASC" in found:
        found["UASC"] = _flagged(found["UASC"], found.get("Header"))
    return found


def _placed(frame: pl.DataFrame, xml: frozenset[str]) -> pl.DataFrame:
    return frame.with_columns(pl.col("CHILD").alias("_id"), pl.col("_file").is_in(list(xml)).alias("_xml"))


@cache
def _nothing(name: str) -> pl.DataFrame:
    return _placed(nothing_of(SPECS[name]), frozenset())


def _year_of(tables: Mapping[str, pl.DataFrame], file: str) -> int:
    found = latest_year(tables["Episodes"]) if "Episodes" in tables else None
    if found is None:
        mend = "Say which year: 2026 is the collection that ends on 31 March 2026."
        raise RefusedFile("nothing here tells which year the return is of.", mend=mend, file=file)
    return found


def _flagged(seeking: pl.DataFrame, header: pl.DataFrame | None) -> pl.DataFrame:
    """The table with `_uasc`: in XML the Header's own flag, and in CSV being here at all."""
    if header is None or not header["_xml"].any():
        return seeking.with_columns(pl.lit(True).alias("_uasc"))
    said = header.filter("_xml").select("CHILD", _uasc=(pl.col("UASC") == "1").fill_null(False))
    flags = said.unique("CHILD", keep="first")
    return seeking.join(flags, on="CHILD", how="left", maintain_order="left").with_columns(
        pl.col("_uasc").fill_null(True)
    )


def _each_once(*years: pl.DataFrame | None) -> pl.DataFrame:
    """The episodes of several years, each once: where two have one, the one that has ended."""
    kept = ["CHILD", "_id", "DECOM", "DEC", "LS", "REC", "_row"]
    rows = pl.concat([frame.select(kept) for frame in years if frame is not None])
    ended_first = rows.sort(pl.col("DEC").is_null(), maintain_order=True)
    return ended_first.unique(["CHILD", "DECOM"], keep="first", maintain_order=True)


def _empty(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Tables with no row, for those that a rule may do without."""
    return {name: frame for name, frame in _with_no_row().items() if name not in tables}


@cache
def _with_no_row() -> Mapping[str, pl.DataFrame]:
    found = {f"{name}{suffix}": nothing_of(spec) for name, spec in SPECS.items() for suffix in ("", LAST)}
    for suffix in ("", LAST):
        found[f"UASC{suffix}"] = found[f"UASC{suffix}"].with_columns(pl.lit(None, pl.Boolean).alias("_uasc"))
        places = [pl.lit(None, kind).alias(name) for name, kind in _PLACES.items()]
        found[f"Episodes{suffix}"] = found[f"Episodes{suffix}"].with_columns(places)
    return found


def _with_counts(said: Return, now: Gathered, then: Gathered) -> Returned:
    read = sum(frame.height for frames in now.frames.values() for frame in frames)
    aside = sum(now.set_aside.values())
    earlier = (f"Last year: {each}" for each in (*then.problems, *then.notes))
    notes = (*now.notes, *earlier)
    return Returned(said, rows_in=read + aside, rows_read=read, problems=tuple(now.problems), notes=notes)
