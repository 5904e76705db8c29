"""Says which rows of a dataset point at something that is not in it."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset, references

PERSON, ADULTS = "ssd_person.pers_person_id", "kith_adult"


def loose_ends(dataset: Dataset) -> tuple[str, ...]:
    """A sentence for each field that points at rows not here; they are kept, and may be known already.

    Only the tables that the dataset holds are looked in: a table left out of an extract is not a loose end.
    """
    return tuple(sentence for name in dataset for sentence in _loose_ends_of(dataset, name))


def _loose_ends_of(dataset: Dataset, name: str) -> Iterator[str]:
    for field, target in references(name).items():
        table, column = target.split(".")
        if table not in dataset.tables:
            continue
        pointing = dataset.tables[name].select(pl.col(field).drop_nulls())
        known = dataset.tables[table].select(pl.col(column).alias(field)).drop_nulls().unique()
        if target == PERSON:  # work with a grown-up, who is in a table of Kith's own
            known = pl.concat([known, dataset.table(ADULTS).select(pl.col("adul_person_id").alias(field)).drop_nulls()])
        loose = pointing.join(known, on=field, how="anti").height
        if loose:
            yield f"{name}: rows whose {field} is not in {table}: {loose:,}. They are kept."
