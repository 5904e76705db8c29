"""A dataset written as CSV files reads back equal, whatever text and dates it holds."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.statutory.returns.ssd.dataset import Dataset, keys, schema
from kith.statutory.returns.ssd.writing import write_folder
from kith.statutory.returns.ssd_extract.reader import read_folder

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\r\t"), min_size=1, max_size=12)
WORDS = TEXT.map(
    lambda text: text.strip("".join(chr(at) for at in range(0x3001) if chr(at).isspace()) + "\ufeff")
).filter(lambda text: text not in ("", "NULL"))
VALUES = {
    pl.String(): WORDS,
    pl.Date(): st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    pl.Int64(): st.integers(-(10**9), 10**9),
    pl.Float64(): st.floats(allow_nan=False, allow_infinity=False),
}
TABLES = [
    "ssd_person",
    "ssd_cin_episodes",
    "ssd_cla_placement",
    "ssd_permanence",
    "ssd_cla_immunisations",
    "kith_promise",
]


@st.composite
def _table(draw: st.DrawFn, name: str) -> pl.DataFrame:
    wanted = schema(name)
    ids = draw(st.lists(WORDS, max_size=6, unique=True))
    columns = {
        column: ids if column == keys(name)[0] else [draw(st.none() | VALUES[kind]) for _ in ids]
        for column, kind in wanted.items()
    }
    return pl.DataFrame(columns, schema=wanted)


@st.composite
def _dataset(draw: st.DrawFn) -> Dataset:
    names = draw(st.lists(st.sampled_from(TABLES), unique=True, min_size=1, max_size=3))
    return Dataset({name: draw(_table(name)) for name in sorted(names)})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(_dataset())
def test_what_is_written_reads_back_equal(dataset: Dataset) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_folder(dataset, Path(folder))
        back, reading = read_folder(Path(folder))
    assert not reading.problems
    assert reading.rows_in == reading.rows_read == dataset.row_count()
    assert back.equals(dataset)


def test_a_changed_cell_is_not_equal(tmp_path: Path) -> None:
    one = Dataset.of({"ssd_person": pl.DataFrame({"pers_person_id": ["A1"], "pers_forename": ["Ann"]})})
    other = Dataset.of({"ssd_person": pl.DataFrame({"pers_person_id": ["A1"], "pers_forename": ["Anne"]})})
    write_folder(one, tmp_path)
    assert read_folder(tmp_path)[0].equals(one)
    assert not read_folder(tmp_path)[0].equals(other)
