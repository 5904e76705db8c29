"""Writes a dataset as a folder of Standard Safeguarding Dataset CSV files, which read back equal."""

from __future__ import annotations

from pathlib import Path

from kith.statutory.returns.ssd.dataset import Dataset


def write_folder(dataset: Dataset, folder: Path) -> tuple[Path, ...]:
    """One CSV file for each table the dataset holds, in UTF-8 with dates as 2026-03-31; the paths written.

    Text is written as it is held, so what opens these files in a spreadsheet should be told that they hold text.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_write(dataset, name, folder / f"{name}.csv") for name in dataset)


def _write(dataset: Dataset, name: str, path: Path) -> Path:
    dataset.tables[name].write_csv(path, line_terminator="\n", quote_style="necessary", date_format="%Y-%m-%d")
    return path
