"""The directory of postcodes and the list of providers that some rules of the SSDA903 need beside the return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kith.statutory.returns.checking import as_date
from kith.statutory.returns.csv_tables import spelt
from kith.statutory.returns.results import RefusedFile
from kith.statutory.returns.text_files import read_text_table

_METRES_IN_A_MILE = 1609.3
_NOT_KNOWN = 999.9  # miles: what the return says of a home outside England, or whose distance cannot be told
_ELSEWHERE = {"S": "SCO", "W": "WAL", "N": "NIR", "L": "CON", "M": "CON"}
# The headings of the published directories, as they are compared.
_POSTCODES = {
    "postcode": ("PCDS", "PCD", "PCD7", "PCD8", "PCD2", "POSTCODE"),
    "district": ("OSLAUA", "LAUA", "LAD", "LADCD", "LA", "LAD25CD", "LAD24CD", "LAD23CD", "LOCALAUTHORITY"),
    "county": ("OSCTY", "CTY", "CTYCD", "CTY25CD", "CTY24CD", "CTY23CD", "COUNTY"),
    "name": ("LAD25NM", "LAD24NM", "LAD23NM", "LADNM", "LANM", "AUTHORITYNAME"),
    "east": ("OSEAST1M", "EAST1M", "EASTING", "EASTINGS", "EAST"),
    "north": ("OSNRTH1M", "NORTH1M", "NORTHING", "NORTHINGS", "NORTH"),
}
_PROVIDERS = {
    "URN": ("URN",),
    "kinds": ("PROVIDERCODE", "PLACEPROVIDER"),
    "placements": ("PROVIDERPLACEMENTCODE", "PLACEMENTCODE", "PLACE"),
    "closed": ("CLOSEDDATE", "DATECLOSED", "CLOSED"),
    "postcode": ("SETTINGPOSTCODE", "POSTCODE"),
    "authority": ("LOCALAUTHORITY", "LA"),
}
_NOT_NEEDED = frozenset({"county", "name", "east", "north", "closed", "authority"})


def plain(column: str) -> pl.Expr:
    """A postcode as it is compared: capitals, and no spaces."""
    return pl.col(column).str.to_uppercase().str.replace_all(" ", "")


@dataclass(frozen=True)
class Directory:
    """Postcodes: `postcode` (plain), `PL_LA` (the upper-tier authority's code, or the country outside England), `name`
    (the authority's, where the directory gives names), and the grid reference in metres, `east` and `north`.
    """

    frame: pl.DataFrame


@dataclass(frozen=True)
class Providers:
    """One row for each register number: `URN`, the lists `placements` and `kinds`, the day `closed`, and `postcode`."""

    frame: pl.DataFrame

    def placed(self, directory: Directory | None) -> pl.DataFrame:
        """The providers with `PL_LA`, and `authorities`, in which they have premises; empty without a directory."""
        rows = self.frame.explode("postcodes").with_columns(postcode="postcodes")
        if directory is None:
            rows = rows.with_columns(pl.lit(None, pl.String).alias("PL_LA"))
        else:
            there = directory.frame.select("postcode", "PL_LA")
            rows = rows.join(there, on="postcode", how="left", maintain_order="left")
        first = pl.col("placements", "kinds", "closed", "postcode", "PL_LA").first()
        made = rows.group_by("URN", maintain_order=True).agg(first, authorities=pl.col("PL_LA").drop_nulls().unique())
        return made.with_row_index("_n")


def _columns(path: Path, wanted: dict[str, tuple[str, ...]], what: str) -> pl.DataFrame:
    text = read_text_table(path, table=what).frame
    found: dict[str, str] = {}
    spelt_as = {spelt(column): column for column in text.columns}
    for name, ways in wanted.items():
        way = next((spelt_as[each] for each in ways if each in spelt_as), None)
        if way:
            found[name] = way
        elif name not in _NOT_NEEDED:
            mend = f"{what} has the headings as they are published, such as {ways[0]}."
            raise RefusedFile(f"this has no column for the {name}.", mend=mend, file=path.name, line=1)
    return text.select(
        pl.col(found[name]).str.strip_chars().alias(name) if name in found else pl.lit(None, pl.String).alias(name)
        for name in wanted
    )


def read_postcodes(path: Path) -> Directory:
    """The directory of postcodes, from a CSV file such as the ONS publishes. Raises RefusedFile."""
    rows = _columns(path, _POSTCODES, "The directory of postcodes")
    rows = rows.with_columns(pl.col("district", "county").replace("", None))
    country = pl.col("district").str.slice(0, 1).replace_strict(_ELSEWHERE, default=None)
    county = pl.when(pl.col("county").str.contains(r"^E10")).then(pl.col("county"))
    made = rows.select(
        postcode=plain("postcode"),
        PL_LA=pl.coalesce(country, county, pl.col("district")),
        name=pl.when(country.is_null() & county.is_null()).then(pl.col("name").replace("", None)),
        east=pl.col("east").cast(pl.Float64, strict=False),
        north=pl.col("north").cast(pl.Float64, strict=False),
    )
    return Directory(made.filter(pl.col("postcode") != "").unique("postcode", keep="first", maintain_order=True))


def read_providers(paths: Sequence[Path]) -> Providers:
    """The list of providers, from CSV files with a row for each register number or several. Raises RefusedFile."""
    rows = pl.concat([_columns(path, _PROVIDERS, "The list of providers") for path in paths])
    cells = {name: pl.col(name).str.to_uppercase().str.extract_all(r"[A-Z0-9]+") for name in ("kinds", "placements")}
    made = rows.with_columns(pl.col("URN").str.to_uppercase(), plain("postcode"), closed=as_date("closed"), **cells)
    together = made.filter(pl.col("URN") != "").group_by("URN", maintain_order=True)
    return Providers(
        together.agg(
            pl.col("placements").explode().unique(),
            pl.col("kinds").explode().unique(),
            pl.col("closed").last(),
            postcodes=pl.col("postcode").unique(maintain_order=True),
        )
    )


def with_places(episodes: pl.DataFrame, *, directory: Directory | None, authority: str | None) -> pl.DataFrame:
    """The episodes with where their homes lie: PL_LA, PL_LOCATION (IN or OUT) and PL_DISTANCE in miles.

    Also `_home_known` and `_place_known`: whether the directory has the postcodes. All empty without a directory.
    """
    known = directory.frame if directory else pl.DataFrame(schema=_DIRECTORY)
    home = known.select(_home="postcode", home_east="east", home_north="north")
    place = known.select(_place="postcode", PL_LA="PL_LA", place_east="east", place_north="north")
    joined = (
        episodes.with_columns(_home=plain("HOME_POST"), _place=plain("PL_POST"))
        .join(home.with_columns(_home_known=pl.lit(True)), on="_home", how="left", maintain_order="left")
        .join(place.with_columns(_place_known=pl.lit(True)), on="_place", how="left", maintain_order="left")
    )
    east, north = pl.col("home_east") - pl.col("place_east"), pl.col("home_north") - pl.col("place_north")
    outside = pl.col("PL_LA").is_in([*_ELSEWHERE.values()])
    miles = ((east**2 + north**2).sqrt() / _METRES_IN_A_MILE).round(1)
    inside = pl.when(pl.col("PL_LA") == pl.lit(authority, pl.String)).then(pl.lit("IN")).otherwise(pl.lit("OUT"))
    return joined.with_columns(
        pl.col("_home_known", "_place_known").fill_null(False),
        PL_DISTANCE=pl.when(outside).then(_NOT_KNOWN).otherwise(miles),
        PL_LOCATION=pl.when(pl.col("PL_LA").is_not_null()).then(inside),
    ).drop("_home", "_place", "home_east", "home_north", "place_east", "place_north")


_DIRECTORY = {
    "postcode": pl.String(),
    "PL_LA": pl.String(),
    "name": pl.String(),
    "east": pl.Float64(),
    "north": pl.Float64(),
}
