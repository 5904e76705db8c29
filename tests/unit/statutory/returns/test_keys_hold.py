"""Whatever a return says, and however often it says it, every row of the dataset has a key of its own."""

from __future__ import annotations

import tempfile
from pathlib import Path

import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.statutory.returns.annex_a import reader as annex_a
from kith.statutory.returns.cin_census import reader as cin_census
from kith.statutory.returns.results import Reading
from kith.statutory.returns.ssd.dataset import keys
from kith.statutory.returns.ssd.journeys import periods, steps
from kith.statutory.returns.ssda903 import reader as ssda903
from kith.statutory.returns.ssda903.tables import SPECS

CHILDREN = st.sampled_from(["A", "B", "a", " A ", ""])
DAYS = st.sampled_from(["01/04/2024", "1/4/2024", "2024-04-01", "02/04/2024", "", "soon"])
CODES = st.sampled_from(["S", "s", "L", "C1", "C2", "X1", "E4A", "U6", "1", "0", ""])


def _holds(reading: Reading) -> None:
    assert reading.rows_in == reading.rows_read + reading.rows_reported
    for name, frame in reading.dataset.tables.items():
        assert frame.select(keys(name)).is_unique().all(), name
        assert not frame[keys(name)[0]].has_nulls(), name
    assert steps(reading.dataset)["ref"].is_unique().all()
    assert periods(reading.dataset)["ref"].is_unique().all()


@st.composite
def _tables(draw: st.DrawFn) -> dict[str, str]:
    """A few of the tables, each with a few rows drawn from so small a world that rows clash."""
    files: dict[str, str] = {}
    for name in draw(st.lists(st.sampled_from(sorted(SPECS)), unique=True, min_size=1, max_size=5)):
        fields = SPECS[name].fields
        kinds = {"text": CHILDREN, "date": DAYS, "code": CODES}
        rows = draw(st.lists(st.tuples(*[kinds[field.kind] for field in fields]), max_size=6))
        lines = [",".join(field.name for field in fields), *(",".join(row) for row in rows)]
        files[name] = "\n".join(lines) + "\n"
    return files


SETTINGS = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SETTINGS
@given(_tables())
def test_keys_hold_in_any_ssda903(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / f"{name}.csv").write_text(text)
        _holds(ssda903.read_files(sorted(Path(folder).iterdir())))


def _element(name: str, *inside: str) -> str:
    return f"<{name}>{''.join(inside)}</{name}>"


ISO = st.sampled_from(["2024-04-01", "2024-04-01Z", "2024-04-02", "", "soon"])
PLANS = st.builds(
    lambda start, reviews: _element(
        "ChildProtectionPlans",
        _element("CPPstartDate", start),
        *[_element("Reviews", _element("CPPreviewDate", day)) for day in reviews],
    ),
    ISO,
    st.lists(ISO, max_size=3),
)
ENQUIRIES = st.builds(
    lambda start, held: _element(
        "Section47", _element("S47ActualStartDate", start), _element("DateOfInitialCPC", held)
    ),
    ISO,
    ISO,
)
REFERRALS = st.builds(
    lambda day, code, parts: _element(
        "CINdetails", _element("CINreferralDate", day), _element("ReferralSource", code), *parts
    ),
    ISO,
    st.sampled_from(["1A", "1a", "6"]),
    st.lists(PLANS | ENQUIRIES, max_size=3),
)
CENSUS = st.lists(
    st.builds(
        lambda child, referrals: _element(
            "Child", _element("ChildIdentifiers", _element("LAchildID", child)), *referrals
        ),
        CHILDREN,
        st.lists(REFERRALS, max_size=3),
    ),
    min_size=1,
    max_size=4,
)


@SETTINGS
@given(CENSUS)
def test_keys_hold_in_any_census(children: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "census.xml"
        path.write_text(_element("Message", _element("Children", *children)))
        _holds(cin_census.read_files([path]))


WORDS = st.sampled_from(["A", "B", "", "a) Yes", "No", "N1", "c) Child in need plan"])


@st.composite
def _lists(draw: st.DrawFn) -> dict[str, list[list[str]]]:
    """A few of the eleven lists, with their published headings and a few rows that clash."""
    sheets: dict[str, list[list[str]]] = {}
    for name in draw(st.lists(st.sampled_from(sorted(annex_a.SPECS)), unique=True, min_size=1, max_size=4)):
        fields = annex_a.SPECS[name].fields
        kinds = [DAYS if field.kind == "date" else CHILDREN if field.name == "child" else WORDS for field in fields]
        rows = draw(st.lists(st.tuples(*kinds), max_size=4))
        sheets[name] = [[field.also[0] for field in fields], *(list(row) for row in rows)]
    return sheets


@SETTINGS
@given(_lists())
def test_keys_hold_in_any_annex_a(sheets: dict[str, list[list[str]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lists.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                for at, row in enumerate(rows):
                    sheet.write_row(at, 0, row)
        _holds(annex_a.read_files([path]))
