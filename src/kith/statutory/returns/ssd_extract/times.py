"""Times of day in an extract: the standard calls its dates moments, and for a missing child the hour matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from kith.statutory.returns.checking import blank_to_null
from kith.statutory.returns.ssd.dataset import Dataset, conform, spec

_TIME = r"[T ](\d{1,2}:\d{2})"
_MISSING, _DETAIL = "ssd_missing", "kith_missing_detail"
_KEPT = {"misd_start_time": "miss_missing_episode_start_date", "misd_end_time": "miss_missing_episode_end_date"}


def _time(column: str) -> pl.Expr:
    """The time of day written after a date as "HH:MM"; null for midnight, which is how systems write no time at all."""
    time = pl.col(column).str.extract(_TIME).str.zfill(5)
    return pl.when(time != "00:00").then(time)


def with_times(dataset: Dataset, raw: Mapping[str, pl.DataFrame]) -> Dataset:
    """The dataset with the times of missing episodes in Kith's own table, where the extract has none there."""
    if _MISSING not in raw or _MISSING not in dataset.tables:
        return dataset
    read = dataset.tables[_MISSING].select(misd_missing_id="miss_table_id")
    told = raw[_MISSING].select(
        blank_to_null("miss_table_id").alias("misd_missing_id"), **{into: _time(day) for into, day in _KEPT.items()}
    )
    timed = told.filter(pl.any_horizontal(pl.col(*_KEPT).is_not_null())).unique(
        "misd_missing_id", keep="first", maintain_order=True
    )
    held = dataset.table(_DETAIL)
    new = timed.join(read, on="misd_missing_id", how="semi").join(held, on="misd_missing_id", how="anti")
    if new.is_empty():
        return dataset
    return Dataset({**dataset.tables, _DETAIL: pl.concat([held, conform(_DETAIL, new)])})


def notes_on_times(raw: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    """A note for each date field whose values carry a time of day that no table keeps."""
    for name, frame in raw.items():
        for field in spec(name).fields:
            if field.kind != "date" or field.name in _KEPT.values():
                continue
            times = frame.select(_time(field.name).is_not_null().sum()).item()
            if times:
                yield f"{name}: values of {field.name} with a time of day, of which only the day is kept: {times:,}."
