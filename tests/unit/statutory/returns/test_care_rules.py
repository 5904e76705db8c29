"""Each rule of the SSDA903: a clean return passes them all, and one change of it breaks the rule and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from tests.unit.statutory.returns.care_changes import Change, changed
from tests.unit.statutory.returns.care_directories import write_postcodes, write_providers
from tests.unit.statutory.returns.care_mutations import EARLIER, MUTATIONS, NEVER, WITHDRAWN

from kith.statutory.returns.checking_returns import check_ssda903
from kith.statutory.returns.rule_reports import Checked
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssda903.building import tables_of
from kith.statutory.returns.ssda903.rules import BOOK
from kith.statutory.returns.ssda903.writing import write_tables as write_built
from kith.synthetic.clean_care import AUTHORITY, Tables, as_xml, clean_return, write_tables
from kith.synthetic.directories import write_directories

EACH = [(code, each) for group in (MUTATIONS, WITHDRAWN) for code, each in group.items()]
EACH += EARLIER
NEEDS = {rule.code: set(rule.needs) for rule in BOOK}
_BOROUGH_YEAR = 2026


@pytest.fixture(scope="module")
def borough(riverside: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The borough's own returns, which pass every rule, to lie beside the children whom each change is made to."""
    folder = tmp_path_factory.mktemp("borough")
    for year in range(2022, _BOROUGH_YEAR + 1):
        write_built(tables_of(riverside, year=year), folder / str(year))
    write_directories(riverside, folder)
    return folder


def _beside(borough: Path, year: int, folder: Path) -> None:
    """Adds the rows of the borough's return to the tables that lie in the folder."""
    for built in (borough / str(year)).iterdir():
        path, rows = folder / built.name, built.read_text(encoding="utf-8").partition("\n")
        with path.open("a", encoding="utf-8", newline="") as out:
            assert rows[0] == path.read_text(encoding="utf-8").partition("\n")[0].strip()
            out.write(rows[2])


def _checked(
    now: Tables, then: Tables | None, folder: Path, year: int, needs: set[str], borough: Path | None = None
) -> Checked:
    beside = borough if year == _BOROUGH_YEAR else None
    write_tables(now, folder / "now")
    if then is not None:
        write_tables(then, folder / "then")
    postcodes, providers = write_postcodes(folder / "postcodes.csv"), [write_providers(folder / "providers.csv")]
    if beside:
        _beside(beside, year, folder / "now")
        if then is not None:
            _beside(beside, year - 1, folder / "then")
        places = (beside / "postcodes.csv").read_text(encoding="utf-8").splitlines()[1:]
        with postcodes.open("a", encoding="utf-8") as out:
            out.writelines(f"{post},{code},,{east},{north}\n" for post, code, _, east, north in map(_split, places))
        providers.append(beside / "providers.csv")
    return check_ssda903(
        [folder / "now"],
        year=year,
        last_year=[folder / "then"] if then is not None else (),
        earlier=[beside / str(each) for each in range(2022, year - 1)] if beside and then is not None else (),
        postcodes=postcodes if needs & {"postcodes", "providers"} else None,
        providers=providers if "providers" in needs else (),
        authority=AUTHORITY if needs & {"postcodes", "providers"} else None,
    )


def _split(line: str) -> list[str]:
    return line.split(",")


def _broken(checked: Checked) -> set[str]:
    assert not checked.outcome.failed
    assert checked.returned.rows_in == checked.returned.rows_read
    return set(checked.outcome.issues["rule"])


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
def test_a_clean_return_passes_every_rule_of_its_year(year: int, tmp_path: Path, borough: Path) -> None:
    then = clean_return(year=year - 1, seen_from=year)
    checked = _checked(clean_return(year=year), then, tmp_path, year, {"postcodes", "providers"}, borough)
    assert (checked.returned.rows_in > 4000) == (year == _BOROUGH_YEAR)
    assert _broken(checked) == set()
    assert {each.code for each in checked.outcome.not_run} == {"105", "303"}  # only XML can break these


def test_a_clean_return_in_the_form_of_xml_passes_too(tmp_path: Path) -> None:
    path = tmp_path / "return.xml"
    etree.ElementTree(as_xml(clean_return(year=2026))).write(path, encoding="utf-8")
    checked = check_ssda903([path], year=2026)
    assert _broken(checked) <= {"SW12STG2"}  # the form of XML has no social workers
    assert {"105", "303"} <= set(checked.rules)


def test_every_rule_has_a_change_that_breaks_it() -> None:
    assert set(MUTATIONS) | set(NEVER) | {"105", "303", "205C"} == set(BOOK.codes(2027))
    assert set(WITHDRAWN) == set(BOOK.codes()) - set(BOOK.codes(2027))


@pytest.mark.parametrize(("code", "change"), EACH, ids=[f"{code}-{each.year}" for code, each in EACH])
def test_one_change_breaks_the_rule_and_no_other(code: str, change: Change, tmp_path: Path, borough: Path) -> None:
    last = "last_year" in NEEDS[code]
    now, then = changed(change)
    checked = _checked(now, then if last else None, tmp_path, change.year, NEEDS[code], borough)
    assert _broken(checked) == {code, *change.also}
    assert bool(change.also) == bool(change.why)


@pytest.mark.parametrize(
    ("code", "said", "also"),
    [
        ("105", {"UASC": "2"}, {"205C"}),
        ("303", {"UASC": "0", "DUC": "15/09/2027"}, {"205C"}),
        ("205C", {"UASC": "0", "DUC": "15/09/2027"}, {"303"}),
    ],
)
def test_the_flag_of_xml_is_judged(code: str, said: dict[str, str], also: set[str], tmp_path: Path) -> None:
    tables = clean_return(year=2026)
    next(row for row in tables["Episodes"] if row["CHILD"] == "SEEK")["HOME_POST"] = "AA1 1AA"  # no longer left out
    tree = as_xml(tables, more=lambda child: said if child == "SEEK" else {})
    path = tmp_path / "return.xml"
    etree.ElementTree(tree).write(path, encoding="utf-8")
    then = tmp_path / "then"
    write_tables(clean_return(year=2025, seen_from=2026), then)
    found = _broken(check_ssda903([path], year=2026, last_year=[then] if code == "205C" else ()))
    assert found - {"SW12STG2"} == {code} | (also if code == "205C" else set())
