"""Writes the tables of an SSDA903 return as CSV files, or as the one XML file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from kith.statutory.returns.ssda903.xml_form import ROOT
from kith.vocabulary.spreadsheets import safe_table

Tables = Mapping[str, pl.DataFrame]
# The group of each table that a child may have several rows in; the form has none for social workers or for orders that
# deprive of liberty.
_GROUPS = {
    "PlacedAdoption": "AD_PLACED",
    "Reviews": "AREVIEW",
    "Missing": "AMISSING",
    "PrevPerm": "PERMANENCE",
    "OC2": "OC2",
}
_LOOSE = ("UASC", "OC3", "AD1")
_TAGS = {"CHILD": "CHILDID", "PLACE": "PL"}
NOT_IN_XML = ("SWEpisodes", "DoLO")


def write_tables(tables: Tables, folder: Path) -> tuple[Path, ...]:
    """A CSV file for each table, in UTF-8 with the year's headings; the paths written.

    A cell that a spreadsheet would take for a formula begins with an apostrophe: no published code or id is one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_write(frame, folder / f"{name}.csv") for name, frame in tables.items())


def _write(rows: pl.DataFrame, path: Path) -> Path:
    safe_table(rows).write_csv(path, line_terminator="\n", quote_style="necessary")
    return path


def write_xml(tables: Tables, path: Path) -> Path:
    """The whole return as one XML file; it has no place for social workers or orders that deprive of liberty."""
    loose = tables["Header"].with_columns(UASC=_there(tables, "UASC"))
    for name in _LOOSE:
        own = [each for each in tables[name].columns if each not in ("DOB", "SEX")]
        loose = loose.join(tables[name].select(own), on="CHILD", how="left", maintain_order="left")
    whole = loose.select("CHILD", _said=_elements(loose))
    for name in (*_GROUPS, "Episodes"):
        groups = _grouped(tables[name], _GROUPS.get(name, "EPISODE"))
        whole = whole.join(groups.rename({"_said": name}), on="CHILD", how="left", maintain_order="left")
    inside = pl.concat_str("_said", *_GROUPS, ignore_nulls=True)
    child = pl.concat_str(
        pl.lit("<CHILD><HEADER>"), inside, pl.lit("</HEADER>"), pl.col("Episodes").fill_null(""), pl.lit("</CHILD>\n")
    )
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<{ROOT}>\n')
        out.writelines(whole.select(child).to_series())
        out.write(f"</{ROOT}>\n")
    return path


def _there(tables: Tables, name: str) -> pl.Expr:
    return pl.when(pl.col("CHILD").is_in(tables[name]["CHILD"].implode())).then(pl.lit("1")).otherwise(pl.lit("0"))


def _elements(frame: pl.DataFrame) -> pl.Expr:
    """Each row as elements, those with nothing to say left out."""
    parts = []
    for name in frame.columns:
        tag = _TAGS.get(name, name)
        parts.append(pl.concat_str(pl.lit(f"<{tag}>"), _escaped(name), pl.lit(f"</{tag}>")))
    return pl.concat_str(parts, ignore_nulls=True)


def _escaped(name: str) -> pl.Expr:
    """The text as XML may hold it: its signs escaped, and without what no XML can hold."""
    shown = pl.col(name).str.replace_all(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "")
    return shown.str.replace_many(["&", "<", ">"], ["&amp;", "&lt;", "&gt;"])


def _grouped(frame: pl.DataFrame, tag: str) -> pl.DataFrame:
    """For each child, the rows of a table as groups, one after the other."""
    own = frame.drop("DOB", strict=False)
    said = pl.concat_str(pl.lit(f"<{tag}>"), _elements(own.drop("CHILD")), pl.lit(f"</{tag}>"))
    return own.select("CHILD", _said=said).group_by("CHILD", maintain_order=True).agg(pl.col("_said").str.join(""))
