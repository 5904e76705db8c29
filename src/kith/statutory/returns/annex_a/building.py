"""Builds the eleven Annex A lists from a dataset, as an inspector who comes on a day would ask for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import polars as pl

from kith.statutory.returns.annex_a import building_care, building_need
from kith.statutory.returns.annex_a.headings import SPECS
from kith.statutory.returns.annex_a.on_the_day import OnTheDay
from kith.statutory.returns.annex_a.options import answers, options_of
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssda903.directories import Directory
from kith.statutory.returns.table_specs import TableSpec


def lists_of(
    dataset: Dataset, *, on: date, directory: Directory | None = None, authority: str | None = None
) -> dict[str, pl.DataFrame]:
    """The eleven lists, in their order, under the headings as published: days as days, numbers as numbers, answers in
    the words of their drop-downs. What the dataset does not say is left blank.
    """
    seen = OnTheDay(dataset, on, directory, authority)
    makers: Mapping[str, Callable[[OnTheDay], pl.DataFrame]] = {
        "List 1": building_need.contacts,
        "List 2": building_need.early_help,
        "List 3": building_need.referrals,
        "List 4": building_need.assessments,
        "List 5": building_need.enquiries,
        "List 6": building_need.children_in_need,
        "List 7": building_need.protection_plans,
        "List 8": building_care.in_care,
        "List 9": building_care.care_leavers,
        "List 10": building_care.for_adoption,
        "List 11": building_care.adopters,
    }
    return {name: _as_listed(spec, makers[name](seen), seen) for name, spec in SPECS.items()}


def _as_listed(spec: TableSpec, rows: pl.DataFrame, seen: OnTheDay) -> pl.DataFrame:
    about = [each for each in seen.people.columns if each in spec.columns and each not in rows.columns]
    if "child" in rows.columns:
        rows = rows.join(seen.people.select("child", *about), on="child", how="left", maintain_order="left")
    options = options_of(spec.name, spec.columns)
    found: list[pl.Expr] = []
    for field in spec.fields:
        value = pl.col(field.name)
        if field.name in options:
            code = value.cast(pl.String).str.to_uppercase()
            value = code.replace_strict(dict(answers(options[field.name])), default=value)
        found.append(value.alias(field.also[0]))
    return rows.select(found)
