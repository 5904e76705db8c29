"""A report that was kept says what it said when it was made, and tells a row that changed from one that did not."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from kith.statutory.returns import rule_reports as reports
from kith.statutory.returns.checking_returns import check_cin, check_ssda903
from kith.statutory.returns.kept_reports import ROWS, KeptReport, packed, unpacked
from kith.statutory.returns.rule_page import write_html
from kith.statutory.returns.rule_reports import Checked

MISSING = "CHILD,DOB,MISSING,MIS_START,MIS_END\n{rows}"
FIRST = "C1,03/02/2012,M,05/06/2025,04/06/2025"
SECOND = "C2,04/05/2013,X,07/07/2025,08/07/2025"


def as_json(checked: Checked) -> str:
    out = StringIO()
    reports.write_json(checked, out)
    return out.getvalue()


def kept(checked: Checked) -> KeptReport:
    return unpacked(packed(checked))


def missing(folder: Path, *rows: str) -> KeptReport:
    path = folder / "missing.csv"
    path.write_text(MISSING.format(rows="\n".join(rows) + "\n"))
    return kept(check_ssda903([path], year=2026))


def says(report: KeptReport, rule: str, child: str | None) -> list[str]:
    return report.rows.filter(pl.col("child").eq_missing(child), rule=rule)["says"].to_list()


@pytest.mark.parametrize("name", ["cin/every_module_2025.xml", "ssda903"])
def test_a_kept_report_says_what_it_said(fixtures: Path, name: str, tmp_path: Path) -> None:
    checked = check_cin([fixtures / name]) if name.startswith("cin") else check_ssda903([fixtures / name])
    opened = kept(checked)
    assert checked.how_many > 2
    assert as_json(opened.checked) == as_json(checked)
    assert reports.summary(opened.checked) == reports.summary(checked)
    pages = [tmp_path / "one.html", tmp_path / "two.html"]
    for each, path in zip((checked, opened.checked), pages, strict=True):
        write_html(each, path)
    assert pages[0].read_text() == pages[1].read_text()


def test_a_row_that_could_not_be_read_is_kept_with_its_place(tmp_path: Path) -> None:
    report = missing(tmp_path, FIRST, "C3,too,few")
    (unread,) = report.rows.filter(rule=reports.UNREAD).to_dicts()
    assert (unread["file"], unread["line"]) == ("missing.csv", 3) and unread["message"]
    assert report.checked.returned.problems[0].line == 3
    assert list(report.rows.schema.items()) == list(ROWS.items())


def test_a_page_of_many_shows_the_first_and_says_where_the_rest_is(tmp_path: Path) -> None:
    report = missing(tmp_path, *(FIRST.replace("C1", f"C{at}") for at in range(300)), "C3,too,few")
    [rule] = {code for code, _, many, _ in reports.by_rule(report.checked).iter_rows() if many == 300}
    write_html(report.checked, tmp_path / "page.html", teams={"C7": "Seven"})
    page = (tmp_path / "page.html").read_text()
    assert "The first 200 are shown; the CSV and the JSON have them all." in page
    assert "The 200 children with most are shown, of 300; the CSV and the JSON have every issue of every child." in page
    assert page.count("<td>Missing</td>") == 200 + 1  # the row that could not be read among them
    assert all(f"<td>{team}</td>" in page for team in ("Seven", "No team known"))
    assert report.rows.filter(rule=rule)["line"].to_list() == list(range(2, 302))
    assert len(set(says(report, rule, "C7"))) == 1 == report.rows.filter(child="C7", rule=rule).height


def test_what_a_row_says_does_not_hang_on_where_it_stands_or_how_a_date_is_written(tmp_path: Path) -> None:
    first, again = (
        missing(tmp_path, FIRST, SECOND),
        missing(tmp_path, SECOND, FIRST.replace("05/06/2025", "2025-06-05")),
    )
    both = [rule for rule in set(first.rows["rule"]) & set(again.rows["rule"]) if any(says(first, rule, "C1"))]
    assert both, "the row that ends before it begins breaks a rule"
    for rule in both:
        assert says(first, rule, "C1") == says(again, rule, "C1")
    changed = missing(tmp_path, FIRST.replace("04/06/2025", "03/06/2025"), SECOND)
    assert [says(first, rule, "C1") == says(changed, rule, "C1") for rule in both] == [False] * len(both)


def test_of_two_files_of_one_table_each_issue_stands_in_its_own(tmp_path: Path) -> None:
    files = {"missing.csv": FIRST, "missing_more.csv": FIRST.replace("04/06/2025", "03/06/2025")}
    for name, row in files.items():
        (tmp_path / name).write_text(MISSING.format(rows=f"{row}\n"))
    report = kept(check_ssda903([tmp_path / name for name in files], year=2026))
    alone = missing(tmp_path, FIRST)
    rows = report.rows.filter(rule="567")
    assert rows.select("child", "row").n_unique() == 1 < rows.height, "the same child on the same line of both"
    assert rows["file"].to_list() == list(files)
    assert says(alone, "567", "C1") == rows["says"].to_list()[:1] != rows["says"].to_list()[1:]


def test_an_issue_of_the_whole_return_says_nothing_of_a_row(fixtures: Path) -> None:
    report = kept(check_cin([fixtures / "cin" / "every_module_2025.xml"]))
    whole = report.rows.filter(pl.col("row").is_null())
    assert whole.height and whole["says"].is_null().all() and whole["child"].is_null().all()
    rest = report.rows.filter(pl.col("row").is_not_null())
    assert rest["says"].is_not_null().all() and rest["line"].is_not_null().any()


def test_some_rows_of_a_report_make_the_same_report_of_those(fixtures: Path) -> None:
    report = kept(check_cin([fixtures / "cin" / "every_module_2025.xml"]))
    child = report.rows["child"].drop_nulls()[0]
    some = report.only(report.rows.filter(child=child))
    assert set(some.checked.outcome.issues["child"]) == {child}
    assert some.checked.how_many == some.rows.height < report.rows.height


def test_the_page_names_the_team_where_it_is_known(fixtures: Path, tmp_path: Path) -> None:
    report = kept(check_cin([fixtures / "cin" / "every_module_2025.xml"]))
    child = report.rows["child"].drop_nulls()[0]
    write_html(report.checked, tmp_path / "page.html", teams={child: "Family <Support>"})
    page = (tmp_path / "page.html").read_text()
    assert "By team" in page and "Family &lt;Support&gt;" in page
    write_html(report.checked, tmp_path / "page.html")
    assert "By team" not in (tmp_path / "page.html").read_text()


def test_issues_that_one_sheet_has_no_room_for_go_on_in_the_next(
    fixtures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = check_cin([fixtures / "cin/every_module_2025.xml"])
    monkeypatch.setattr(reports, "_MOST_ROWS", 2)
    reports.write_xlsx(checked, tmp_path / "issues.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "issues.xlsx"))
    names = [each for each in book.sheet_names if each.startswith("Issues")]
    assert len(names) == -(-checked.how_many // 2) > 1
    assert names[:2] == ["Issues", "Issues 2"]
    sheets = [book.get_sheet_by_name(each).to_python() for each in names]
    assert [row[0] for rows in sheets for row in rows[1:]] == [row[0] for row in checked.rows()]
    assert {tuple(rows[0]) for rows in sheets} == {reports.COLUMNS}
