"""Checking whatever it is given: the published samples without a lost row, and nonsense without a crash."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith.statutory.returns.checking_returns import check_annex_a, check_cin, check_ssda903
from kith.statutory.returns.rule_reports import Checked
from kith.synthetic.clean_care import clean_return, write_tables
from kith.vocabulary.errors import KithError

DEADLINE = None  # a loaded machine is not a fault
CENSUS = (
    b"<Message><Header><CollectionDetails><Year>2026</Year></CollectionDetails></Header><Children><Child>"
    b"<ChildIdentifiers><LAchildID>A1</LAchildID></ChildIdentifiers><CINdetails><CINreferralDate>2025-05-01"
    b"</CINreferralDate></CINdetails></Child></Children></Message>"
)


def _whole(checked: Checked) -> None:
    """No rule broke, and every row that came in was read or is reported."""
    assert not checked.outcome.failed
    aside = {(each.table, each.file, each.row) for each in checked.returned.problems if each.row is not None}
    assert checked.returned.rows_in == checked.returned.rows_read + len(aside)


@pytest.mark.samples
def test_every_published_sample_is_checked_without_a_lost_row(samples: Path) -> None:
    expected = {"CIN_Census_2024.xml": 13, "CIN_Census_2026.xml": 14, "fake_CIN_data.xml": 851}
    for name, rows in expected.items():
        checked = check_cin([samples / "cin" / name])
        _whole(checked)
        assert checked.returned.rows_in == rows, name
    tables = sorted((samples / "ssda903").glob("*.csv"))
    lines = sum(len(path.read_text(encoding="utf-8-sig").splitlines()) - 1 for path in tables)
    care = check_ssda903(tables, year=2026, last_year=tables)
    _whole(care)
    assert care.returned.rows_in == lines
    _whole(check_ssda903([samples / "ssda903" / "fake_903.xml"], year=2026))
    _whole(check_annex_a([samples / "annex_a" / "Annex_A_2024_Jan.xlsx"]))


def test_the_order_of_columns_an_encoding_mark_and_blank_lines_change_nothing(tmp_path: Path) -> None:
    write_tables(clean_return(year=2026), tmp_path / "plain")
    turned = tmp_path / "turned"
    turned.mkdir()
    for path in (tmp_path / "plain").glob("*.csv"):
        lines = [",".join(reversed(line.split(","))) for line in path.read_text().splitlines()]
        (turned / f"any {path.name}").write_text("\r\n".join([*lines, "", ""]), encoding="utf-8-sig")
    plain, other = (check_ssda903([folder], year=2026) for folder in (tmp_path / "plain", turned))
    assert plain.clean and other.clean
    assert plain.returned.rows_in == other.returned.rows_in
    assert [rule.code for rule in plain.outcome.rules] == [rule.code for rule in other.outcome.rules]


_NOISE = st.tuples(st.integers(0, len(CENSUS)), st.integers(0, 12), st.binary(max_size=12))


@settings(max_examples=60, deadline=DEADLINE, derandomize=True)
@given(_NOISE)
def test_a_census_with_noise_in_it_is_checked_or_refused(noise: tuple[int, int, bytes]) -> None:
    at, gone, put = noise
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "census.xml"
        path.write_bytes(CENSUS[:at] + put + CENSUS[at + gone :])
        try:
            _whole(check_cin([path]))
        except KithError as refused:
            assert "census.xml" in str(refused)


@settings(max_examples=60, deadline=DEADLINE, derandomize=True)
@given(st.text(alphabet='AX19/,"\n\r\t;é\x00 -Z', max_size=120))
def test_a_table_of_nonsense_is_checked_or_refused(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "episodes.csv"
        path.write_bytes(b"CHILD,DECOM,RNE,LS,CIN,PLACE,DEC,REC\n" + text.encode())
        try:
            _whole(check_ssda903([path], year=2026))
        except KithError as refused:
            assert "episodes.csv" in str(refused)
