"""A document is added to a child's record, opened by those who may, and kept out where it would harm."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tests.journeys.kit import Somebody
from tests.unit.foundation.documents import files

ABOUT = "From the school: his attendance since September"


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "attendance.pdf"
    path.write_bytes(files.pdf(pages=2))
    return path


def test_a_letter_is_added_and_opened(somebody: Somebody, letter: Path) -> None:
    child = somebody.world.children_of("social_worker")[10]
    somebody.is_signed_in_as("Asha Rahman").opens(f"/children/{child}/").follows("Add a document")
    somebody.finds_the_page_sound()
    somebody.page.set_input_files("[name=file]", letter)
    somebody.page.select_option("[name=kind]", "school")
    somebody.dates("dated_on", days_ago=4)
    somebody.page.fill("[name=about]", ABOUT)
    somebody.is_photographed("document-add").presses("Keep this document")
    somebody.sees("The document is kept", ABOUT, "No malware scanner is set up here")
    somebody.finds_the_page_sound().is_photographed("document")
    with somebody.page.expect_download() as handed:
        somebody.follows("Open attendance.pdf")
    kept = Path(handed.value.path()).read_bytes()
    assert hashlib.sha256(kept).digest() == hashlib.sha256(letter.read_bytes()).digest()
    somebody.opens(f"/children/{child}/").sees(ABOUT)
    somebody.opens(f"/children/{child}/documents/").sees(ABOUT, "1 document.")
    somebody.finds_the_page_sound().is_photographed("documents")


def test_what_would_harm_is_refused_and_what_was_said_of_it_stays(somebody: Somebody, tmp_path: Path) -> None:
    child = somebody.world.children_of("social_worker")[11]
    bomb = tmp_path / "letter.docx"
    bomb.write_bytes(files.bomb(400))
    somebody.is_signed_in_as("Asha Rahman").opens(f"/children/{child}/documents/add/")
    somebody.page.set_input_files("[name=file]", bomb)
    somebody.page.select_option("[name=kind]", "letter")
    somebody.dates("dated_on", days_ago=1)
    somebody.page.fill("[name=about]", ABOUT)
    somebody.presses("Keep this document")
    somebody.sees("The file is far larger inside than it should be").finds_the_page_sound()
    assert somebody.page.input_value("[name=about]") == ABOUT
    somebody.is_photographed("document-refused")
    somebody.opens(f"/children/{child}/documents/").sees("No document of")
