"""Whose each row of a dataset is: the person it names, or the person of the row it points at."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset, references

PERSON = "ssd_person.pers_person_id"
# Tables whose rows are people.
OWN = {"ssd_person": "pers_person_id", "kith_adult": "adul_person_id"}


def owners(dataset: Dataset) -> Mapping[str, pl.Series]:
    """For each table the id of each row's person; empty where it is of nobody, or of somebody not told of here.

    Of two people in a row it is the last that is named: of a mother and her child, the child; where only she is, hers.
    """
    found: dict[str, pl.Series] = {}
    for name, frame in dataset.tables.items():
        if fields := [OWN[name]] if name in OWN else _naming(name):
            found[name] = frame.select(pl.coalesce(fields)).to_series()
    for _ in range(len(dataset.tables)):
        more = {
            name: whose
            for name in dataset
            if name not in found and (whose := _by_pointing(dataset, name, found)) is not None
        }
        if not more:
            break
        found |= more
    nobody = {
        name: pl.repeat(None, frame.height, dtype=pl.String, eager=True) for name, frame in dataset.tables.items()
    }
    return {name: found.get(name, nobody[name]).rename("whose") for name in dataset}


def _naming(name: str) -> list[str]:
    return [field for field, to in reversed(list(references(name).items())) if to == PERSON]


def _by_pointing(dataset: Dataset, name: str, found: Mapping[str, pl.Series]) -> pl.Series | None:
    for field, to in references(name).items():
        table, column = to.split(".")
        if table in found and table != name:
            known = pl.DataFrame({field: dataset.tables[table][column], "whose": found[table]}).drop_nulls()
            rows = dataset.tables[name].select(field)
            return rows.join(known.unique(field), on=field, how="left", maintain_order="left")["whose"]
    return None
