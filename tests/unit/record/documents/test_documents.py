"""A child's documents: added, opened by those who may and by nobody else, replaced and never erased."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_worker, allocate, bar, restrict
from tests.unit.foundation.documents import files
from tests.unit.foundation.screens import reading

from kith.foundation.access.models import Worker
from kith.foundation.documents import scanning, storage
from kith.foundation.drafts.models import Draft
from kith.foundation.history.models import Opening
from kith.record.documents import actions
from kith.record.documents.commands import documents
from kith.record.documents.models import Document
from kith.record.people.models import Person

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DOCUMENTS, settings.CLAMD, settings.OPEN_UNSCANNED = tmp_path / "documents", "", True
    return settings.DOCUMENTS


@pytest.fixture
def asha() -> Worker:
    return a_worker("Asha Rahman")


@pytest.fixture
def child(asha: Worker) -> Person:
    found = a_child("Imran", "Begum")
    allocate(found, asha)
    return found


@pytest.fixture
def signed_in(asha: Worker, client: Client) -> Client:
    client.force_login(asha.account)
    return client


def sent(name: str = "letter.pdf", content: bytes | None = None, **said: Any) -> dict[str, Any]:
    """What the form sends."""
    day = TODAY() - timedelta(days=3)
    body = {"kind": "letter", "about": "From the school, about his attendance", "dated_on-day": day.day}
    body |= {"dated_on-month": day.month, "dated_on-year": day.year}
    return body | {"file": SimpleUploadedFile(name, files.pdf() if content is None else content)} | said


def added(client: Client, child: Person, **more: Any) -> Document:
    answer = client.post(f"/children/{child.pk}/documents/add/", sent(**more))
    assert answer.status_code == 302, reading.text_of(answer.content)
    return Document.objects.get(pk=int(answer.headers["Location"].split("/")[2]))


def test_a_document_is_added_listed_and_opened(signed_in: Client, asha: Worker, child: Person) -> None:
    page = signed_in.get(f"/children/{child.pk}/documents/")
    assert "No document of Imran Begum is kept here yet" in reading.text_of(page.content)
    kept = added(signed_in, child)
    assert (kept.recorded_by, kept.size, kept.scanned_at) == (asha, len(files.pdf()), None)
    for address in (f"/children/{child.pk}/", f"/children/{child.pk}/documents/", f"/children/{child.pk}/print/"):
        page = signed_in.get(address)
        assert "From the school, about his attendance" in reading.text_of(page.content), address
        assert reading.faults(page.content) == []
    shown = reading.text_of(signed_in.get(f"/documents/{kept.pk}/").content)
    assert "No scanner has seen it" in shown and "No malware scanner is set up here" in shown
    answer = signed_in.get(f"/documents/{kept.pk}/open/")
    assert hashlib.sha256(answer.content).hexdigest() == kept.sha256 == kept.sent_sha256


def test_it_is_handed_over_to_be_kept_and_never_to_be_run(signed_in: Client, child: Person) -> None:
    kept = added(signed_in, child, name="Brief für “Ayla”.txt", content=b"<b>hello</b>")
    answer = signed_in.get(f"/documents/{kept.pk}/open/")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="Brief f')
    assert "\n" not in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Content-Type"] == "text/plain" and "no-store" in answer.headers["Cache-Control"]


def test_opening_one_is_in_the_childs_history(signed_in: Client, asha: Worker, child: Person) -> None:
    kept = added(signed_in, child)
    before = Opening.objects.count()
    signed_in.get(f"/documents/{kept.pk}/open/")
    noted = Opening.objects.order_by("-pk")[: Opening.objects.count() - before]
    assert [(row.person, row.worker, row.page) for row in noted] == [(child.pk, asha.pk, "document/open")]


def hidden(client: Client, kept: Document, child: Person) -> None:
    for address in (f"/documents/{kept.pk}/", f"/documents/{kept.pk}/open/", f"/documents/{kept.pk}/replace/"):
        nowhere = address.replace(str(kept.pk), "987654")
        assert client.get(address).status_code == client.get(nowhere).status_code == 404, address
    assert client.get(f"/children/{child.pk}/documents/").status_code == 404
    assert client.post(f"/children/{child.pk}/documents/add/", sent()).status_code == 404


def test_documents_are_hidden_with_the_child(signed_in: Client, child: Person) -> None:
    kept, other, client = added(signed_in, child), a_worker("Somebody Else"), Client()
    client.force_login(other.account)
    bar(other, child)
    hidden(client, kept, child)
    restrict(child, "R3")
    client.force_login(a_worker("A Third").account)
    hidden(client, kept, child)


def test_where_a_shielded_child_lives_is_not_found_out_by_her_documents(signed_in: Client, child: Person) -> None:
    kept = added(signed_in, child, about="Tenancy of 14 Canary Wharf")
    restrict(child, "R2")
    client = Client()
    client.force_login(a_worker("Somebody Else").account)
    for address in (f"/documents/{kept.pk}/", f"/documents/{kept.pk}/open/", f"/documents/{kept.pk}/replace/"):
        assert client.get(address).status_code == 404
    for address in (f"/children/{child.pk}/", f"/children/{child.pk}/documents/", f"/children/{child.pk}/print/"):
        page = client.get(address)
        assert page.status_code == 200 and b"Canary" not in page.content and b"letter.pdf" not in page.content
        assert reading.faults(page.content) == []
    assert signed_in.get(f"/documents/{kept.pk}/open/").status_code == 200, "the allocated worker is entitled"


def test_a_role_that_may_not_add_reads_and_cannot_write(signed_in: Client, child: Person) -> None:
    kept, auditor = added(signed_in, child), Client()
    auditor.force_login(a_worker("Effie Laurent", role="auditor").account)
    assert "Add a document" not in reading.text_of(auditor.get(f"/children/{child.pk}/documents/").content)
    assert auditor.post(f"/children/{child.pk}/documents/add/", sent()).status_code == 403
    assert auditor.post(f"/documents/{kept.pk}/replace/", sent(why="x")).status_code == 403


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("run.exe", b"MZ", "not kept"),
        ("page.pdf", b"<html>", "not what its name says"),
        ("bomb.docx", files.bomb(400), "far larger"),
        ("empty.pdf", b"", "empty"),
    ],
)
def test_what_must_not_be_kept_leaves_nothing_behind(
    signed_in: Client, child: Person, folder: Path, name: str, content: bytes, words: str
) -> None:
    answer = signed_in.post(f"/children/{child.pk}/documents/add/", sent(name=name, content=content))
    assert answer.status_code == 200 and words in reading.text_of(answer.content)
    assert reading.faults(answer.content) == [] and "From the school" in answer.content.decode()
    assert not Document.objects.exists() and not list(folder.rglob("*"))


def test_one_is_replaced_and_never_erased(signed_in: Client, child: Person) -> None:
    first, pages = added(signed_in, child), files.pdf(pages=2)
    place = f"/documents/{first.pk}/replace/"
    silent = signed_in.post(place, sent(name="whole.pdf", content=pages, why=""))
    assert "Answer the question: Why does it take" in reading.text_of(silent.content)
    assert Document.objects.count() == 1
    whole = sent(name="whole.pdf", content=pages, why="The first lacked a page")
    assert signed_in.post(place, whole).status_code == 302
    second = Document.objects.get(replaces=first)
    listed = reading.text_of(signed_in.get(f"/children/{child.pk}/documents/").content)
    assert "1 document." in listed and "whole.pdf" in listed and "letter.pdf" not in listed
    assert "Another has taken this one" in reading.text_of(signed_in.get(f"/documents/{first.pk}/").content)
    assert "letter.pdf" in reading.text_of(signed_in.get(f"/documents/{second.pk}/").content)
    assert signed_in.get(f"/documents/{first.pk}/open/").status_code == 200
    again = sent(name="other.pdf", content=files.pdf(pages=3), why="Late")
    late = signed_in.post(f"/documents/{first.pk}/replace/", again)
    assert "Somebody else put another in its place" in reading.text_of(late.content)
    assert Document.objects.count() == 2


def test_what_is_said_of_a_document_is_kept_as_a_draft(signed_in: Client, asha: Worker, child: Person) -> None:
    add = f"/children/{child.pk}/documents/add/"
    typed = {
        "draft_form": "document",
        "draft_about": str(child.pk),
        "draft_back": add,
        "about": "From the health visitor",
    }
    signed_in.post("/drafts/", typed, headers={"Accept": "application/json"})
    assert "From the health visitor" in signed_in.get(add).content.decode()
    added(signed_in, child)
    assert not Draft.objects.exists()


class Scanner:
    """A scanner that says what it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
        self.says, settings.CLAMD = "stream: OK", "here"
        monkeypatch.setattr(scanning, "_ask", self.asked)

    def asked(self, path: Path) -> str:
        if self.says == "nothing":
            raise OSError("nobody there")
        return self.says


@pytest.fixture
def scanner(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Scanner:
    return Scanner(monkeypatch, settings)


def test_a_scanner_that_knows_a_file_keeps_it_out(signed_in: Client, child: Person, scanner: Scanner) -> None:
    scanner.says = "stream: Kith.Test FOUND"
    answer = signed_in.post(f"/children/{child.pk}/documents/add/", sent())
    assert "The malware scanner refuses this file" in reading.text_of(answer.content)
    assert not Document.objects.exists()


def test_what_was_kept_while_the_scanner_was_away_is_scanned_when_it_is_opened(
    signed_in: Client, child: Person, scanner: Scanner, settings: Any
) -> None:
    scanner.says, settings.OPEN_UNSCANNED = "nothing", False
    kept = added(signed_in, child)
    assert kept.scanned_at is None
    refused = signed_in.get(f"/documents/{kept.pk}/open/", follow=True)
    assert "No malware scanner has seen this document yet" in reading.text_of(refused.content)
    scanner.says = "stream: OK"
    assert signed_in.get(f"/documents/{kept.pk}/open/").headers["Content-Type"] == "application/pdf"
    kept.refresh_from_db()
    assert kept.scanned_at and kept.version == 2


def test_what_a_later_scan_knows_opens_to_nobody_and_stays(signed_in: Client, child: Person, scanner: Scanner) -> None:
    scanner.says = "nothing"
    kept = added(signed_in, child)
    scanner.says = "stream: Kith.Test FOUND"
    told = signed_in.get(f"/documents/{kept.pk}/open/", follow=True)
    assert "opens to nobody" in reading.text_of(told.content)
    scanner.says = "stream: OK"
    again = signed_in.get(f"/documents/{kept.pk}/open/", follow=True)
    assert "The malware scanner knows this document" in reading.text_of(again.content)
    assert Document.objects.count() == 1 and storage.get(kept.sha256)


def test_the_check_finds_what_is_missing_and_what_nobody_names(signed_in: Client, child: Person, folder: Path) -> None:
    kept = added(signed_in, child)
    storage.put(b"a save that was broken off")
    assert [len(each) for each in actions.orphans()] == [1, 0]
    said = CliRunner().invoke(documents, ["check", "--open"])
    assert said.exit_code == 0 and "1 of them no row names" in said.output
    (folder / kept.sha256[:2] / kept.sha256).unlink()
    said = CliRunner().invoke(documents, ["check"])
    assert said.exit_code == 2 and kept.sha256 in said.output
    gone = signed_in.get(f"/documents/{kept.pk}/open/", follow=True)
    assert "not where it was kept" in reading.text_of(gone.content)


def test_the_file_is_on_the_disk_before_its_row_counts(
    signed_in: Client, child: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = storage.put

    def watched(content: bytes) -> str:
        assert not Document.objects.exists()
        return put(content)

    monkeypatch.setattr(storage, "put", watched)
    assert storage.get(added(signed_in, child).sha256)
