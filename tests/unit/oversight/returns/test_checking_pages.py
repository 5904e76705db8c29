"""A return checked on a page: uploaded, watched, read; every count opens what it counted; bad files say what to do."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook
from tests.factories import a_team, a_worker, hold
from tests.unit.foundation.documents import files
from tests.unit.oversight.returns.kit import (
    LATE,
    census,
    checked,
    counts,
    known_as,
    listed,
    officer,
    read,
    uploaded,
    words,
)

from kith.cli import main
from kith.foundation.history.models import Change, Opening
from kith.oversight.returns import tasks
from kith.oversight.returns.models import Check
from kith.record.people.models import Person

pytestmark = pytest.mark.django_db
BORN_LATE = {"A1": "2026-12-01", "A2": "2026-11-01", "B7": "2015-01-01"}
ROOT = Path(__file__).resolve().parents[4]
MISSING = b"CHILD,DOB,MISSING,MIS_START,MIS_END\nC1,03/02/2012,M,05/06/2025,04/06/2025\n"


@pytest.fixture
def client(record: None) -> Client:
    return officer()


def test_a_return_is_uploaded_watched_and_read(client: Client, places: Path) -> None:
    check = uploaded(client, ("census.xml", census(BORN_LATE)))
    waiting = places / "uploads" / f"check-{check.pk}" / "return"
    assert [each.name for each in waiting.iterdir()] == ["census.xml"] and check.files[0]["name"] == "census.xml"
    page = words(client, f"/returns/checks/{check.pk}/")
    assert "is under way" in page and '<noscript><meta http-equiv="refresh"' in page
    assert "HX-Refresh" not in client.get(f"/returns/checks/{check.pk}/how-far/").headers
    tasks.check_uploaded.func(check.pk)
    assert client.get(f"/returns/checks/{check.pk}/how-far/")["HX-Refresh"] == "true"
    page = words(client, f"/returns/checks/{check.pk}/")
    assert "Children in need census 2025/26" in page and "By rule" in page and LATE in page
    assert not list((places / "uploads").iterdir()), "uploaded files are not left lying"
    assert not Person.objects.exists(), "a check puts nothing into the record"
    [row] = Change.objects.filter(table="returns_check", act="added")
    assert row.worker and row.role == "data_officer"


def test_every_count_opens_exactly_what_it_counted(client: Client) -> None:
    check = checked(client, ("census.xml", census(BORN_LATE)))
    asked = set(counts(words(client, f"/returns/checks/{check.pk}/")))
    asked |= set(counts(words(client, f"/returns/checks/{check.pk}/children/")))
    assert len(asked) > 10
    for url, number in asked:
        page = words(client, url)
        assert listed(page) == number, url
        assert max(page.count("<tr") - 1, 0) == min(number, 50), url


def test_what_was_found_is_what_the_command_finds(client: Client, places: Path) -> None:
    path = places / "census.xml"
    path.write_bytes(census(BORN_LATE))
    check = checked(client, ("census.xml", path.read_bytes()))
    theirs = json.loads(CliRunner().invoke(main, ["check", "cin", str(path), "--json"]).stdout)
    ours = client.get(f"/returns/checks/{check.pk}/download/json/")
    assert json.loads(ours.content) == theirs
    assert check.issues == len(theirs["issues"])


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "html"])
def test_a_report_is_downloaded_and_the_history_says_of_whom(client: Client, form: str) -> None:
    child = known_as("A1")
    hold(child, a_team("Assessment 2"))
    check = checked(client, ("census.xml", census(BORN_LATE)))
    said = client.get(f"/returns/checks/{check.pk}/download/{form}/")
    assert said.status_code == 200 and f"cin-2026-issues.{form}" in said["Content-Disposition"]
    if form == "xlsx":
        book = CalamineWorkbook.from_object(BytesIO(said.content))  # type: ignore[arg-type]
        assert book.sheet_names == ["By rule", "Not run", "Issues"]
    else:
        assert "A1" in said.content.decode() and LATE in said.content.decode()
    if form == "html":
        assert "Assessment 2" in said.content.decode()
    opening = Opening.objects.filter(kind="listed", page="returns:download").get()
    assert opening.shown == [child.pk] and opening.worker


def test_a_download_asks_again_who_it_is(client: Client) -> None:
    check = checked(client, ("census.xml", census(BORN_LATE)))
    session = client.session
    session["proof"] = session["proof"] | {"at": "2020-01-01T00:00:00+00:00"}
    session.save()
    said = client.get(f"/returns/checks/{check.pk}/download/csv/")
    assert said.status_code == 302 and "Content-Disposition" not in said.headers
    assert client.get(f"/returns/checks/{check.pk}/").status_code == 200, "reading on the page does not"


def test_a_return_of_several_tables_is_checked_with_what_came_beside_it(client: Client) -> None:
    now, then = ("missing.csv", MISSING), SimpleUploadedFile("missing.csv", MISSING)
    check = checked(client, now, kind="ssda903", year="2026")
    page = words(client, f"/returns/checks/{check.pk}/")
    assert "2025/26" in page and "Last year's return was not given" in page and "--last-year" not in page
    check = checked(client, now, kind="ssda903", year="2026", last_year=[then])
    page = words(client, f"/returns/checks/{check.pk}/")
    assert "Last year's return was not given" not in page and "last year’s return: missing.csv" in page


def test_what_cannot_be_read_is_refused_in_the_words_of_the_command(client: Client, places: Path) -> None:
    path = places / "cut.xml"
    path.write_bytes(census(BORN_LATE)[:-40])
    check = checked(client, ("cut.xml", path.read_bytes()))
    result = CliRunner().invoke(main, ["check", "cin", str(path)])
    assert check.state == "refused" and "line" in check.refusal
    assert " ".join(result.stderr.removeprefix("Error: ").split()) == " ".join(check.refusal.split())
    page = words(client, f"/returns/checks/{check.pk}/")
    assert "could not be read, and nothing of it was kept" in page and "cut.xml" in page
    assert not list((places / "uploads").iterdir())


def test_a_return_of_another_kind_says_so(client: Client) -> None:
    check = checked(client, ("missing.csv", MISSING))
    assert check.state == "refused" and "missing.csv" in check.refusal


def test_a_fault_of_our_own_is_said_and_keeps_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(tasks, "check_cin", breaks)
    check = uploaded(client, ("census.xml", census(BORN_LATE)))
    with pytest.raises(ZeroDivisionError):
        tasks.check_uploaded.func(check.pk)
    assert "Something in Kith itself went wrong" in words(client, f"/returns/checks/{check.pk}/")


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, ["Choose which return it is", "Choose the files of the return"]),
        ({"kind": "cin", "files": [("census.xml", b"")]}, ["census.xml is empty"]),
        ({"kind": "annex_a", "files": [("a.xlsx", files.bomb(500))]}, ["far larger inside than it should be"]),
        ({"kind": "ssda903", "files": [("a.csv", MISSING)], "year": "soon"}, ["The year must be a number"]),
        (
            {"kind": "ssda903", "files": [("a.csv", MISSING)], "postcodes": [("p.csv", b"a"), ("q.csv", b"b")]},
            ["Choose one directory of postcodes"],
        ),
    ],
)
def test_what_is_wrong_with_a_form_is_said_and_nothing_is_kept(
    client: Client, places: Path, sent: dict[str, object], says: list[str]
) -> None:
    posted = {
        name: [SimpleUploadedFile(*each) for each in value] if isinstance(value, list) else value
        for name, value in sent.items()
    }
    page = read(client.post("/returns/check/", posted).content)
    for each in says:
        assert page.count(each) >= 2, "in the summary and beside the box"
    assert not Check.objects.exists() and not (places / "uploads").exists()


def test_a_clean_return_says_so_and_an_empty_list_is_kind(client: Client) -> None:
    assert "No return has been checked yet" in words(client, "/returns/")
    check = checked(client, ("census.xml", census(BORN_LATE)))
    assert "There is nothing here." in words(client, f"/returns/checks/{check.pk}/issues/?rule=nothing")
    assert "There is nobody here." in words(client, f"/returns/checks/{check.pk}/children/?team=none-such")
    assert f"Check {check.pk}: Children in need census 2025/26" in words(client, "/returns/")


def test_a_long_list_has_pages(client: Client) -> None:
    check = checked(client, ("census.xml", census({f"C{number}": "2026-12-01" for number in range(120)})))
    path = f"/returns/checks/{check.pk}/issues/?rule={LATE}"
    first, last = words(client, path), words(client, f"{path}&page=3")
    assert listed(first) == listed(last) == 120
    assert (first.count("<tr") - 1, last.count("<tr") - 1) == (50, 20)


def test_a_report_is_taken_away_and_the_history_says_that_there_was_one(
    client: Client, places: Path, django_capture_on_commit_callbacks: object
) -> None:
    check = checked(client, ("census.xml", census(BORN_LATE)))
    kept = [each for each in (places / "documents").rglob("*") if each.is_file()]
    assert [each.name for each in kept] == [check.report] and b"rows_read" not in kept[0].read_bytes(), "it lies sealed"
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        client.post(f"/returns/checks/{check.pk}/take-away/")
    assert not kept[0].exists() and client.get(f"/returns/checks/{check.pk}/").status_code == 404
    assert Change.objects.filter(table="returns_check", act="changed").latest("pk").worker


def test_two_checks_of_the_same_files_have_one_report_and_the_other_keeps_it(
    client: Client, places: Path, django_capture_on_commit_callbacks: object
) -> None:
    one, two = (checked(client, ("census.xml", census(BORN_LATE))) for _ in range(2))
    assert one.report == two.report
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        client.post(f"/returns/checks/{one.pk}/take-away/")
    assert "By rule" in words(client, f"/returns/checks/{two.pk}/")


@pytest.mark.parametrize("path", ["/returns/", "/returns/check/", "/returns/checks/1/", "/returns/checks/1/how-far/"])
def test_somebody_who_may_not_see_returns_is_kept_out(record: None, path: str) -> None:
    client = Client()
    assert client.get(path).status_code == 302, "signed out: asked to sign in"
    client.force_login(a_worker("Asha Rahman").account)
    assert client.get(path).status_code == 403


def test_a_director_reads_and_does_not_check(client: Client) -> None:
    check = checked(client, ("census.xml", census(BORN_LATE)))
    director = officer("divisional_director")
    page = words(director, f"/returns/checks/{check.pk}/")
    assert "By rule" in page and "Take this report away" not in page
    assert director.get("/returns/check/").status_code == 403
    assert director.post(f"/returns/checks/{check.pk}/take-away/").status_code == 403
    assert director.post(f"/returns/checks/{check.pk}/issues/0/answer/", {"reason": "x"}).status_code == 403
    assert "Answer it" not in words(director, f"/returns/checks/{check.pk}/issues/0/")
