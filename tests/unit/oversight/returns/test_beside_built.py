"""What a return that is built, and its rules, need beside the record: given on the page as the command takes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.unit.oversight.returns.kit import officer, read, words
from tests.unit.oversight.returns.test_versions_of_returns import PURPOSE, asked, built
from tests.unit.statutory.returns.care_directories import OURS, write_postcodes, write_providers

from kith.oversight.returns import build_tasks
from kith.oversight.returns.models import Version
from kith.record.loading import actions as loading
from kith.statutory.returns.reading import read as read_files
from kith.synthetic.clean_care import clean_return, write_tables

pytestmark = pytest.mark.django_db


@pytest.fixture
def care(record: None, tmp_path: Path) -> Client:
    """Whoever builds, of a record with children in care."""
    write_tables(clean_return(year=2026), tmp_path / "903")
    paths = sorted((tmp_path / "903").iterdir())
    loading.load_reading(reading=read_files(paths), files=[], at=timezone.now())
    return officer()


MARCH = {"on-day": 31, "on-month": 3, "on-year": 2026}


def sent(*paths: Path) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths]


def test_what_the_rules_need_beside_a_built_return_is_given_on_the_page(care: Client, tmp_path: Path) -> None:
    alone = built(care, key="ssda903", **MARCH)
    why = "no list of providers was given"
    assert alone.check_of and alone.beside == {}
    assert why in words(care, f"/returns/checks/{alone.check_of.pk}/rules/?which=not").lower()
    lists = [write_postcodes(tmp_path / "postcodes.csv"), write_providers(tmp_path / "providers.csv")]
    write_tables(clean_return(year=2025), tmp_path / "then")
    write_tables(clean_return(year=2024), tmp_path / "before")
    beside = {
        "postcodes": sent(lists[0]),
        "providers": sent(lists[1]),
        "last_year": sent(*sorted((tmp_path / "then").iterdir())),
        "earlier": sent(*sorted((tmp_path / "before").iterdir())),
    }
    whole = built(care, key="ssda903", area=OURS.lower(), **beside, **MARCH)
    check = whole.check_of
    assert check and whole.beside["area"] == OURS and check.beside == whole.beside
    page = words(care, f"/returns/checks/{check.pk}/")
    assert "Every rule of the year was run" in page or why not in page.lower()
    told = words(care, f"/returns/versions/{whole.pk}/")
    for each in ("last year’s return: ", "returns before last year’s: ", "postcodes.csv", "providers.csv", OURS):
        assert each in told and each in page, each
    assert not whole.folder.exists(), "the files are read and taken away"


def test_the_lists_say_whose_area_homes_lie_in_where_the_directory_is_given(care: Client, tmp_path: Path) -> None:
    directory = write_postcodes(tmp_path / "postcodes.csv")
    for given in ({}, {"postcodes": sent(directory), "area": OURS}):
        version = built(care, key="annex-a", **given, **MARCH)
        place = next(at for at, each in enumerate(version.tables) if each["name"].startswith("List 8"))
        rows = words(care, f"/returns/versions/{version.pk}/tables/{place}/")
        assert (">a) In<" in rows) is bool(given) or ("In" in rows) is bool(given)


WRONG = {
    "two directories": (
        {"key": "ssda903", "area": "E09000999", "postcodes": ["a,b", "c,d"]},
        "Choose one directory of postcodes",
    ),
    "no code": ({"key": "annex-a", "postcodes": ["a,b"]}, "Enter the authority’s code too"),
    "no directory": ({"key": "ssda903", "area": "E09000999"}, "Choose the directory of postcodes too"),
    "no such code": ({"key": "ssda903", "area": "Riverside"}, "The code is a letter and eight figures"),
    "earlier alone": ({"key": "ssda903", "earlier": ["a,b"]}, "Choose last year’s return too"),
    "not located": ({"key": "ssd", "postcodes": ["a,b"], "area": "E09000999"}, "leave the directory out"),
    "empty": ({"key": "ssda903", "providers": [""]}, "is empty"),
}


@pytest.mark.parametrize(("given", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_beside_a_return_is_said_and_nothing_is_built(
    care: Client, given: dict[str, Any], says: str
) -> None:
    files = {
        name: [SimpleUploadedFile(f"{at}.csv", text.encode()) for at, text in enumerate(value)]
        if isinstance(value, list)
        else value
        for name, value in given.items()
    }
    page = read(care.post("/returns/versions/build/", {"purpose": PURPOSE, **MARCH, **files}).content)
    assert page.count(says) >= 2, "in the summary and beside the box"
    assert not Version.objects.exists()


def test_a_directory_that_cannot_be_read_is_named(care: Client) -> None:
    version = asked(
        care, key="annex-a", area=OURS, postcodes=[SimpleUploadedFile("p.csv", b"this,that\n1,2\n")], **MARCH
    )
    build_tasks.build_version.func(version.pk)
    version.refresh_from_db()
    assert version.state == "refused" and "p.csv" in version.refusal
    assert "p.csv" in words(care, f"/returns/versions/{version.pk}/") and not version.folder.exists()
