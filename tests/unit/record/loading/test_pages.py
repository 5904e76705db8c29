"""The pages that load files: choosing them, watching, and what the load did."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories import a_worker
from tests.unit.foundation.documents import files
from tests.unit.record.loading.extracts import dataset, everything

from kith.foundation.access.models import Worker
from kith.foundation.history.models import Opening
from kith.record.loading import tasks
from kith.record.loading.models import Load
from kith.record.people.models import Person
from kith.statutory.returns.ssd.writing import write_folder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> Path:
    settings.UPLOADS = tmp_path / "uploads"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path / "cache"}
    }
    return settings.UPLOADS


@pytest.fixture
def officer(record: None) -> Worker:
    return a_worker("Sam Wren", role="data_officer")


@pytest.fixture
def client(officer: Worker) -> Client:
    found = Client()
    found.force_login(officer.account)
    return found


def the_extract(tmp_path: Path) -> list[SimpleUploadedFile]:
    paths = write_folder(dataset(everything()), tmp_path / "extract")
    return [SimpleUploadedFile(path.name, path.read_bytes(), "text/csv") for path in paths]


def uploaded(client: Client, files: list[SimpleUploadedFile]) -> Load:
    said = client.post("/loads/upload/", {"files": files})
    assert said.status_code == 302, said.content.decode()
    load = Load.objects.latest("pk")
    assert said["Location"] == f"/loads/{load.pk}/"
    return load


def words(client: Client, path: str) -> str:
    said = client.get(path)
    assert said.status_code == 200
    return re.sub(r"\s+", " ", said.content.decode())


def test_files_are_uploaded_watched_and_stored(client: Client, officer: Worker, tmp_path: Path, uploads: Path) -> None:
    load = uploaded(client, the_extract(tmp_path))
    assert load.by == officer and len(load.files) == len(list(load.folder.iterdir()))
    assert "is under way" in words(client, f"/loads/{load.pk}/")
    assert "HX-Refresh" not in client.get(f"/loads/{load.pk}/how-far/").headers
    tasks.load_uploaded.func(load.pk)
    assert client.get(f"/loads/{load.pk}/how-far/")["HX-Refresh"] == "true"
    page = words(client, f"/loads/{load.pk}/")
    load.refresh_from_db()
    assert f"{load.rows_in:,} rows came in: {load.rows_stored:,} are stored, and none is kept out" in page
    assert "None: every row that came in is stored." in page
    assert Person.objects.get(ref="person:P1").recorded_by == officer
    assert not load.folder.exists(), "uploaded files are not left lying"


def test_rows_kept_out_are_listed_page_by_page(client: Client, tmp_path: Path) -> None:
    lines = "\n".join(f"P{number},Child,2018-02-3{number % 10 + 2}" for number in range(60))
    body = f"pers_person_id,pers_forename,pers_dob\nP999,Amina,2016-05-01\n{lines}\n"
    load = uploaded(client, [SimpleUploadedFile("person.csv", body.encode())])
    tasks.load_uploaded.func(load.pk)
    first, second = words(client, f"/loads/{load.pk}/"), words(client, f"/loads/{load.pk}/?page=2")
    assert "Stored, some rows kept out" in first and "pers_dob" in first
    assert first.count("this is not a date") == 50 and second.count("this is not a date") == 10


def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(client: Client) -> None:
    load = uploaded(client, [SimpleUploadedFile("census.xml", b"<Message><Children><Child>")])
    tasks.load_uploaded.func(load.pk)
    page = words(client, f"/loads/{load.pk}/")
    assert "Refused" in page and "census.xml" in page and "nothing of them was kept" in page
    assert not Person.objects.exists()


def test_a_fault_of_our_own_is_said_and_keeps_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(tasks, "read", breaks)
    load = uploaded(client, [SimpleUploadedFile("a.csv", b"x,y\n1,2\n")])
    with pytest.raises(ZeroDivisionError):
        tasks.load_uploaded.func(load.pk)
    assert "Something in Kith itself went wrong" in words(client, f"/loads/{load.pk}/")


def test_choosing_nothing_says_what_to_do(client: Client) -> None:
    said = client.post("/loads/upload/", {})
    assert said.status_code == 200
    assert "Choose the files to load" in said.content.decode() and not Load.objects.exists()


def test_an_empty_file_is_named(client: Client) -> None:
    said = client.post("/loads/upload/", {"files": [SimpleUploadedFile("person.csv", b"")]})
    assert said.status_code == 200 and "person.csv is empty" in said.content.decode()


def test_a_workbook_that_is_a_bomb_is_refused_before_anything_unpacks_it(client: Client, uploads: Path) -> None:
    said = client.post("/loads/upload/", {"files": [SimpleUploadedFile("annex.xlsx", files.bomb(500))]})
    assert said.status_code == 200 and "far larger inside than it should be" in said.content.decode()
    assert not Load.objects.exists() and not uploads.exists()


def test_a_name_with_a_path_in_it_stays_in_its_folder(client: Client, uploads: Path) -> None:
    load = uploaded(client, [SimpleUploadedFile("../../person.csv", b"a,b\n1,2\n")])
    assert [path.name for path in load.folder.iterdir()] == ["person.csv"]


def test_two_files_of_one_name_are_both_kept(client: Client, uploads: Path) -> None:
    load = uploaded(client, [SimpleUploadedFile("a.csv", b"a,b\n1,2\n"), SimpleUploadedFile("a.csv", b"c,d\n1,2\n")])
    assert len(list(load.folder.iterdir())) == 2


def test_past_loads_are_listed(client: Client, tmp_path: Path) -> None:
    assert "Nothing has been loaded yet" in words(client, "/loads/")
    load = uploaded(client, the_extract(tmp_path))
    tasks.load_uploaded.func(load.pk)
    page = words(client, "/loads/")
    assert f"Load {load.pk}: Standard Safeguarding Dataset" in page and "Sam Wren" in page


@pytest.mark.parametrize("path", ["/loads/", "/loads/1/", "/loads/1/how-far/"])
def test_somebody_who_may_not_load_is_kept_out(record: None, path: str) -> None:
    client = Client()
    assert client.get(path).status_code == 302, "signed out: asked to sign in"
    client.force_login(a_worker("Asha Rahman").account)
    assert client.get(path).status_code == 403


def test_a_load_that_is_not_there_is_not_found(client: Client) -> None:
    assert client.get("/loads/999/").status_code == 404
    assert client.get("/loads/998/how-far/").status_code == 404
    kept = Opening.objects.filter(decision="not found").values_list("page", flat=True)
    assert sorted(kept) == ["how_far 998", "load 999"]


def test_pages_that_watch_open_no_transaction_and_cannot_write(client: Client, officer: Worker) -> None:
    load = uploaded(client, [SimpleUploadedFile("a.csv", b"x,y\n1,2\n")])
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(f"/loads/{load.pk}/how-far/")
    said = [each["sql"].split()[0] for each in asked.captured_queries]
    assert set(said) <= {"SELECT"}, "a page that began a transaction would wait for the load it watches"
