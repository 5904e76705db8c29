"""Mutates small real files and gives each to the readers: it is read, whole, or refused in a sentence that names it.

Run as a script in a process of its own, so that one that kills the process or takes its memory is seen to: one line of
JSON with how many were read and how many refused, by kind. The examples are the same in every run.
"""

from __future__ import annotations

import csv as csv_rows
import json
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from io import BytesIO, StringIO
from pathlib import Path

import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.unit.statutory.returns.bad_files import megabytes

from kith.statutory.returns.annex_a.headings import SPECS
from kith.statutory.returns.checking_returns import check_annex_a, check_cin, check_ssda903
from kith.statutory.returns.reading import read
from kith.statutory.returns.rule_reports import Checked
from kith.vocabulary.errors import KithError

FIXTURES = Path(__file__).parents[3] / "fixtures" / "returns"
EXAMPLES = {"xml": 150, "csv": 240, "workbooks": 80}
STEADY = settings(derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
MOST_BYTES = 200_000  # what a mutation may make of a file
_MARKS = [
    b'"',
    b'"""',
    b"'",
    b",",
    b"\t",
    b";",
    b"|",
    b"\n",
    b"\r",
    b"\r\n",
    b"\x00",
    b"\x1b",
    b"\x0b",
    b"<",
    b">",
    b"&",
]
_ENCODED = [b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x81", b"\xe9", b"\xed\xa0\x80", "é\u2028\U0001f600".encode()]
_XML = [b"&#0;", b"&x;", b"]]>", b"<!--", b"<![CDATA[", b"<?x?>", b"</", b"/>", b"<a>" * 300, b"<a b='c'/>"]
_DECLARED = [
    b'<!DOCTYPE a [<!ENTITY x "y">]>',
    b'<?xml version="1.0" encoding="utf-16"?>',
    b'<?xml encoding="ebcdic-cp-us"?>',
]
_CELLS = [b"XFD1048576", b"A99999999999", b't="s"', b"<v>9999999</v>", b"CHILD", b"DECOM", b"LAchildID"]
VALUES = [
    "",
    " ",
    "9" * 400,
    "-1",
    "1e999",
    "nan",
    "99/99/9999",
    "31/02/2020",
    "0000-00-00",
    "9999-12-31",
    "29/02/2024",
]
VALUES += ["292278994-01-01", "0001-01-01", "=1+1", "NULL", "true", "A" * 5_000, "é\u2028\U0001f600", "\u00a0", "45000"]
TOKENS = _MARKS + _ENCODED + _XML + _DECLARED + _CELLS + [value.encode() for value in VALUES]
_AT = st.integers(0, MOST_BYTES)
_CHANGE = st.one_of(
    st.tuples(st.just("put"), _AT, st.sampled_from(TOKENS)),
    st.tuples(st.just("byte"), _AT, st.binary(min_size=1, max_size=3)),
    st.tuples(st.just("gone"), _AT, st.integers(1, 400)),
    st.tuples(st.just("twice"), _AT, st.integers(1, 2_000)),
    st.tuples(st.just("end"), _AT, st.just(0)),
)
CHANGES = st.lists(_CHANGE, min_size=1, max_size=6)
_SAID = st.tuples(
    st.sampled_from(["says", "twice", "gone", "called"]),
    st.integers(0, 500),
    st.integers(0, 60),
    st.sampled_from(VALUES),
)
SAID = st.lists(_SAID, min_size=1, max_size=8)


def mutated(content: bytes, changes: list[tuple[str, int, bytes | int]]) -> bytes:
    """The content with each change made where it falls."""
    for what, where, with_ in changes:
        at = where % (len(content) + 1)
        if isinstance(with_, bytes):
            content = content[:at] + with_ + content[at + (len(with_) if what == "byte" else 0) :]
        elif what == "gone":
            content = content[:at] + content[at + with_ :]
        elif what == "twice":
            content = content[:at] + content[at : at + with_] * 2 + content[at + with_ :]
        else:
            content = content[:at]
    return content[:MOST_BYTES]


def elements_changed(content: bytes, changes: list[tuple[str, int, int, str]]) -> bytes:
    """The XML, still sound, with elements that say something else, come twice, are gone, or are called otherwise."""
    root = etree.fromstring(content)
    for what, where, other, value in changes:
        every = [each for each in root.iter("*") if each is not root]
        if not every:
            break
        element, another = every[where % len(every)], every[other % len(every)]
        if what == "says":
            element.text = value
        elif what == "twice":
            element.addnext(deepcopy(element))
        elif what == "gone":
            element.getparent().remove(element)
        else:
            element.tag = another.tag
    return etree.tostring(root)


def cells_changed(content: bytes, changes: list[tuple[str, int, int, str]]) -> bytes:
    """The table, still sound, with cells that say something else, and rows and columns that come twice or are gone."""
    rows = list(csv_rows.reader(content.decode("utf-8-sig").splitlines()))
    for what, where, other, value in changes:
        row = rows[where % len(rows)]
        at = other % len(row)
        if what == "says":
            row[at] = value
        elif what == "twice":
            rows.insert(where % len(rows), list(row))
        elif what == "gone" and len(row) > 1:
            rows = [[cell for column, cell in enumerate(each) if column != at] or [""] for each in rows]
        elif what == "called":
            rows[0][at % len(rows[0])] = value
    made = StringIO()
    csv_rows.writer(made).writerows(rows)
    return made.getvalue().encode()


def workbook() -> bytes:
    """A workbook with every list of Annex A, each with two rows."""
    made = BytesIO()
    with xlsxwriter.Workbook(made) as book:
        for name, spec in SPECS.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, [field.also[0] if field.also else field.name for field in spec.fields])
            for down in (1, 2):
                sheet.write_row(
                    down, 0, [f"A{down}" if field.kind != "date" else "01/02/2025" for field in spec.fields]
                )
    return made.getvalue()


def inside(book: bytes, part: int, changes: list[tuple[str, int, bytes | int]]) -> bytes:
    """The workbook with one of its parts mutated, and packed again; the file itself is sound."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(book)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        for at, name in enumerate(names):
            content = old.read(name)
            new.writestr(name, mutated(content, changes) if at == part % len(names) else content)
    return made.getvalue()


def tried(found: Counter[str], content: bytes, name: str, check: Callable[[list[Path]], Checked]) -> None:
    """Loads and checks the file; an error that is not in words is not caught."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            reading = read([path])
            assert reading.rows_in == reading.rows_read + reading.rows_reported
            found["loaded"] += 1
        except KithError as refused:
            assert name in str(refused), refused
            assert refused.mend, refused
            found["not loaded"] += 1
        try:
            checked = check([path])
            aside = {(each.table, each.file, each.row) for each in checked.returned.problems if each.row is not None}
            assert checked.returned.rows_in == checked.returned.rows_read + len(aside)
            assert not checked.outcome.failed, checked.outcome.failed
            found["checked"] += 1
        except KithError as refused:
            assert name in str(refused), refused
            found["refused"] += 1


def care(paths: list[Path]) -> Checked:
    """An SSDA903 of 2026."""
    return check_ssda903(paths, year=2026)


def xml(found: Counter[str]) -> None:
    """Mutated censuses, and an SSDA903 as XML."""
    files = [FIXTURES / "cin" / "every_module_2025.xml", FIXTURES / "cin" / "older_2018.xml", FIXTURES / "ssda903.xml"]

    @settings(STEADY, max_examples=EXAMPLES["xml"])
    @given(st.sampled_from(files), SAID, st.just([]) | CHANGES)
    def run(file: Path, said: list[tuple[str, int, int, str]], changes: list[tuple[str, int, bytes | int]]) -> None:
        content = mutated(elements_changed(file.read_bytes(), said), changes)
        tried(found, content, "return.xml", care if file.name == "ssda903.xml" else check_cin)

    run()


def csv(found: Counter[str]) -> None:
    """Mutated tables of an SSDA903."""
    files = sorted((FIXTURES / "ssda903").glob("*.csv"))

    @settings(STEADY, max_examples=EXAMPLES["csv"])
    @given(st.sampled_from(files), SAID, st.just([]) | CHANGES)
    def run(file: Path, said: list[tuple[str, int, int, str]], changes: list[tuple[str, int, bytes | int]]) -> None:
        tried(found, mutated(cells_changed(file.read_bytes(), said), changes), "table.csv", care)

    run()


def workbooks(found: Counter[str]) -> None:
    """Workbooks with a mutated part, and mutated as they lie."""
    book = workbook()

    @settings(STEADY, max_examples=EXAMPLES["workbooks"])
    @given(st.integers(0, 40), CHANGES)
    def run(part: int, changes: list[tuple[str, int, bytes | int]]) -> None:
        content = mutated(book, changes) if part > 30 else inside(book, part, changes)
        tried(found, content, "lists.xlsx", check_annex_a)

    run()


def main() -> None:
    """Every kind, or those named."""
    kinds = {each.__name__: each for each in (xml, csv, workbooks)}
    for name in sys.argv[1:] or kinds:
        found: Counter[str] = Counter()
        kinds[name](found)
        print(json.dumps({"kind": name, **found}), flush=True)
    print(json.dumps({"megabytes": megabytes()}))


if __name__ == "__main__":
    main()
