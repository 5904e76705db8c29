"""What two or three returns say of the same child, compared on a page; and what else a built return may be given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.unit.oversight.returns.kit import census, counts, listed, officer, read, words
from tests.unit.statutory.returns.test_across_rules import Three

from kith.cli import main
from kith.oversight.returns import tasks
from kith.oversight.returns.models import Check

pytestmark = pytest.mark.django_db
PATH = "/returns/check/across/"


@pytest.fixture
def client(record: None) -> Client:
    return officer()


@pytest.fixture
def three(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A census, the tables of a return and a workbook of the same children, of whom one's sex differs."""
    made = Three()
    made.returned("Header", "GIRL", SEX="1")
    return made.written(tmp_path)


def sent(*paths: Path) -> list[SimpleUploadedFile]:
    files = [each for path in paths for each in (sorted(path.iterdir()) if path.is_dir() else [path])]
    return [SimpleUploadedFile(path.name, path.read_bytes()) for path in files]


def compared(client: Client, **files: object) -> Check:
    said = client.post(PATH, files)
    assert said.status_code == 302, read(said.content)
    check = Check.objects.latest("pk")
    assert said["Location"] == f"/returns/checks/{check.pk}/"
    tasks.check_uploaded.func(check.pk)
    check.refresh_from_db()
    return check


def test_three_returns_are_compared_as_the_command_compares_them(
    client: Client, three: tuple[Path, Path, Path], places: Path
) -> None:
    cin, care, annex = three
    check = compared(client, cin=sent(cin), ssda903=sent(care), annex_a=sent(annex))
    assert check.state == "done" and check.year == 2026, check.refusal
    assert len(check.files) == 2 + len(list(care.iterdir())) and not list((places / "uploads").iterdir())
    command = ["check", "across", "--cin", str(cin), "--ssda903", str(care), "--annex-a", str(annex), "--json"]
    theirs = json.loads(CliRunner().invoke(main, command).stdout)
    ours = json.loads(client.get(f"/returns/checks/{check.pk}/download/json/").content)
    assert ours == theirs and {(each["rule"], each["child"]) for each in ours["issues"]} == {("X02", "GIRL")}
    page = words(client, f"/returns/checks/{check.pk}/")
    assert "One child across returns 2025/26" in page and "sex is the same in the census and the SSDA903" in page
    assert "GIRL" in page
    for url, number in counts(page):
        assert listed(words(client, url)) == number, url
    for form in ("csv", "xlsx", "html"):
        assert "across-2026-issues" in client.get(f"/returns/checks/{check.pk}/download/{form}/")["Content-Disposition"]


@pytest.mark.parametrize("left_out", ["cin", "ssda903", "annex_a"])
def test_any_two_are_enough(client: Client, three: tuple[Path, Path, Path], left_out: str) -> None:
    files = dict(zip(("cin", "ssda903", "annex_a"), map(lambda path: sent(path), three), strict=True))
    files.pop(left_out)
    check = compared(client, **files, year="2026")
    assert check.state == "done" and check.year == 2026, check.refusal
    assert bool(check.issues) is (left_out == "annex_a"), "only the census and the SSDA903 differ"


def test_one_file_that_cannot_be_read_is_named_and_nothing_is_kept(
    client: Client, three: tuple[Path, Path, Path], places: Path
) -> None:
    cut = SimpleUploadedFile("cut.xml", census({"A1": "2015-01-01"})[:-40])
    check = compared(client, cin=[cut], ssda903=sent(three[1]))
    assert check.state == "refused" and "cut.xml" in check.refusal and not list((places / "uploads").iterdir())


WRONG = {
    "nothing": ({}, "Choose the files of two returns or of all three"),
    "one": ({"cin": [b"<Message/>"]}, "Choose the files of two returns or of all three"),
    "two censuses": ({"cin": [b"<Message/>", b"<M/>"], "annex_a": [b"x"]}, "Choose one census"),
    "two workbooks": ({"cin": [b"<Message/>"], "annex_a": [b"x", b"y"]}, "Choose one workbook"),
    "an empty file": ({"cin": [b""], "annex_a": [b"x"]}, "is empty"),
    "no year": ({"cin": [b"<Message/>"], "annex_a": [b"x"], "year": "soon"}, "The year must be a number"),
}


@pytest.mark.parametrize(("files", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_beside_its_box_and_nothing_is_kept(
    client: Client, files: dict[str, object], says: str, places: Path
) -> None:
    posted = {
        name: [SimpleUploadedFile(f"{at}.xml", content) for at, content in enumerate(value)]
        if isinstance(value, list)
        else value
        for name, value in files.items()
    }
    assert read(client.post(PATH, posted).content).count(says) >= 2, "in the summary and beside the box"
    assert not Check.objects.exists() and not (places / "uploads").exists()


def test_the_returns_lead_there_those_who_may_check(client: Client) -> None:
    assert f'href="{PATH}"' in words(client, "/returns/")
    director = officer("divisional_director")
    assert f'href="{PATH}"' not in words(director, "/returns/") and director.get(PATH).status_code == 403
