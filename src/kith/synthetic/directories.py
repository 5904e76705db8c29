"""The invented borough's directory of postcodes and list of providers, which some rules of the SSDA903 look into."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssda903.tables import EARLIER
from kith.synthetic.world import settings

OURS, THEIRS = "E09000999", "E09000998"  # no authority has these codes
_CENTRE = (535_000, 182_000)  # metres
_INSIDE, _BEYOND = 3_000, 80_000  # how far homes lie from the centre, in the borough and beyond it
_INSPECTED_WHERE_THEY_ARE = ["K1", "K2", "K3", "H5", "R3", "S1"]


def postcodes_of(dataset: Dataset) -> pl.DataFrame:
    """Every postcode of the dataset with its authority, the authority's name and a grid reference, under ONS headings.

    The places are made up: each postcode has always the same one, in the borough where it begins with its letters.
    """
    places = settings("names")["places"]
    halls = pl.DataFrame({"pcds": [f"{places[each]}11AA" for each in ("area", "far_area")]})
    known = pl.concat(
        [
            halls,
            dataset.table("ssd_address").select(pcds="addr_address_postcode"),
            dataset.table("ssd_cla_placement").select(pcds="clap_cla_placement_postcode"),
        ]
    )
    told = known.drop_nulls().unique().sort("pcds")
    inside = pl.col("pcds").str.starts_with(places["area"])
    return told.with_columns(
        oslaua=pl.when(inside).then(pl.lit(OURS)).otherwise(pl.lit(THEIRS)),
        lad25nm=pl.when(inside).then(pl.lit(places["town"])).otherwise(pl.lit(places["far_towns"][0])),
        oseast1m=pl.col("pcds").map_elements(_east, return_dtype=pl.Int64),
        osnrth1m=pl.col("pcds").map_elements(_north, return_dtype=pl.Int64),
    )


def _away(postcode: str, said: str) -> int:
    """Metres along one axis, drawn from the postcode's own letters."""
    share = crc32(f"{said} {postcode}".encode()) % 10_001 / 10_000 - 0.5
    far = not postcode.startswith(settings("names")["places"]["area"])
    return round(2 * share * (_BEYOND if far else _INSIDE))


def _east(postcode: str) -> int:
    return _CENTRE[0] + _away(postcode, "east")


def _north(postcode: str) -> int:
    return _CENTRE[1] + _away(postcode, "north")


def providers_of(dataset: Dataset, *, year: int | None = None) -> pl.DataFrame:
    """Every registered provider of a home in the dataset, as the inspectorate's list heads them.

    A children's home and its like are where the child lives; a fostering service has its office in one town hall.
    The kinds of home have the codes of the collection `year`, as its return does; of today where none is given.
    """
    area, far = (settings("names")["places"][each] for each in ("area", "far_area"))
    homes = dataset.table("ssd_cla_placement").filter(
        pl.col("clap_cla_placement_urn").is_not_null(), pl.col("clap_cla_placement_urn") != "XXXXXXX"
    )
    own = pl.col("Provider Code") == "PR1"
    office = pl.when(own).then(pl.lit(f"{area}1 1AA")).otherwise(pl.lit(f"{far}1 1AA"))
    there = pl.col("Provider Placement Code").is_in(_INSPECTED_WHERE_THEY_ARE)
    return (
        homes.select(
            pl.col("clap_cla_placement_urn").alias("URN"),
            pl.col("clap_cla_placement_provider").alias("Provider Code"),
            pl.col("clap_cla_placement_type").alias("Provider Placement Code"),
            pl.lit(None, pl.String).alias("Closed Date"),
            pl.col("clap_cla_placement_postcode").alias("Setting Postcode"),
        )
        .with_columns(pl.when(there).then("Setting Postcode").otherwise(office).alias("Setting Postcode"))
        .with_columns(_of_year(pl.col("Provider Placement Code"), year))
        .unique()
        .sort("URN", "Provider Code", "Provider Placement Code", "Setting Postcode")
    )


def _of_year(code: pl.Expr, year: int | None) -> pl.Expr:
    """A kind of home as the returns of that year wrote it."""
    for each in EARLIER:
        if year and each.field == "PLACE" and year <= each.until:
            code = code.replace(dict(each.codes))
    return code


def write_directories(dataset: Dataset, folder: Path, *, year: int | None = None) -> tuple[Path, Path]:
    """Both as CSV files: postcodes.csv, which has the town hall too, and providers.csv, the list of that year."""
    folder.mkdir(parents=True, exist_ok=True)
    postcodes, providers = folder / "postcodes.csv", folder / "providers.csv"
    postcodes_of(dataset).write_csv(postcodes)
    providers_of(dataset, year=year).write_csv(providers)
    return postcodes, providers
