"""Which records may be of one person: Splink over DuckDB, frames in, pairs out. Imported only where it runs.

It proposes to a person, who looks; it joins nothing. The same frame gives the same pairs.
"""

from __future__ import annotations

import logging
from typing import Any

import duckdb
import polars as pl
import splink.comparison_level_library as levels
from splink import Linker, SettingsCreator, block_on
from splink import comparison_library as comparisons
from splink.internals.duckdb.database_api import DuckDBAPI

from .features import features
from .settings import Comparison, settings

# Pairs that agree in one of these ways are compared at all; each finds what the others cannot.
BLOCKS = (
    ("born", "first_bones"),  # a surname changed
    ("born", "last_bones"),  # a short form, or another forename
    ("born", "pair"),  # the names the other way round
    ("pair", "substr(born, 1, 4)"),  # day or month wrong
    ("pair", "substr(born, 6)"),  # year wrong
    ("pair", "postcodes[1]"),  # date of birth not known, or altogether wrong
)
PAIRS = {"one": pl.Int64(), "other": pl.Int64(), "probability": pl.Float64(), "why": pl.List(pl.String())}


def likely(people: pl.DataFrame, *, at_least: float | None = None, threads: int = 2) -> pl.DataFrame:
    """The pairs of PEOPLE that are likely one person, most likely first: PAIRS, with the lower id as `one`."""
    floor = settings().likely if at_least is None else at_least
    if people.height < 2:
        return pl.DataFrame(schema=PAIRS)
    linker = linker_for(features(people), threads=threads)
    predicted = linker.inference.predict(threshold_match_probability=floor)
    return _told(predicted.as_duckdbpyrelation().pl())


def linker_for(compared: pl.DataFrame, *, threads: int = 2, label: str = "") -> Linker:
    """A linker over these features; `label` is the column of the true person, for training."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect(config={"threads": threads, "preserve_insertion_order": True})
    api = DuckDBAPI(connection=connection)
    wanted = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(each) for each in settings().comparisons],
        blocking_rules_to_generate_predictions=[*(_block(*each) for each in BLOCKS), _shared_number()],
        probability_two_random_records_match=settings().prior(compared.height),
        retain_matching_columns=True,
        additional_columns_to_retain=[label] if label else [],
    )
    return Linker(api.register(compared.to_arrow()), wanted, log_level=logging.ERROR)


def _block(*columns: str) -> Any:
    return block_on(*columns)


def _shared_number() -> Any:
    return block_on("numbers", arrays_to_explode=["numbers"])


def _comparison(each: Comparison) -> Any:
    made: list[Any] = [_level(each.unknown, "not known").configure(is_null_level=True)]
    made += [_weighed(_level(level.when, level.says or "differ"), level.m, level.u) for level in each.levels[:-1]]
    last = each.levels[-1]
    made.append(_weighed(levels.ElseLevel(), last.m, last.u))
    return comparisons.CustomComparison(made, output_column_name=each.name)


def _level(when: str, says: str) -> Any:
    return levels.CustomLevel(when, says, base_dialect_str="duckdb")


def _weighed(level: Any, m: float, u: float) -> Any:
    return level.configure(m_probability=m, u_probability=u) if m and u else level


def _told(found: pl.DataFrame) -> pl.DataFrame:
    """What Splink found, without the pairs that are never shown, and with the reasons in words."""
    never = [pl.sql_expr(when) for _, when in settings().never]
    kept = found.filter(~pl.any_horizontal(never)) if found.height else found
    reasons = [
        [said for each in settings().comparisons if (said := each.says(row[f"gamma_{each.name}"]))]
        for row in kept.iter_rows(named=True)
    ]
    return (
        kept.select(
            one=pl.min_horizontal("unique_id_l", "unique_id_r").cast(pl.Int64),
            other=pl.max_horizontal("unique_id_l", "unique_id_r").cast(pl.Int64),
            probability=pl.col("match_probability").round(6),
        )
        .with_columns(why=pl.Series(reasons, dtype=pl.List(pl.String())))
        .sort(["probability", "one", "other"], descending=[True, False, False])
    )
