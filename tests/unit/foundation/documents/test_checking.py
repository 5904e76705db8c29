"""A file is kept only when its name, its size, its content and what is inside it agree, and nothing in it runs."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from tests.unit.foundation.documents import files

from kith.foundation.documents import checking
from kith.foundation.documents.checking import check, plain_name
from kith.foundation.documents.refusal import Refusal

MB = 1024**2


def checked(folder: Path, name: str, content: bytes) -> checking.Checked:
    path = folder / "sent"
    path.write_bytes(content)
    return check(path, name=name, size=len(content), largest=50 * MB)


GOOD = {
    "report.pdf": files.pdf(pages=3),
    "letter.docx": files.docx(),
    "photo.jpg": files.picture("JPEG"),
    "PHOTO.JPEG": files.picture("JPEG"),
    "scan.png": files.picture("PNG"),
    "scan.tiff": files.picture("TIFF"),
    "moving.gif": files.many_frames(5),
    "drawing.webp": files.picture("WEBP"),
    "note.txt": "She said “I like it here”.".encode(),
    "table.csv": b"a,b\n1,2\n",
    "wide.txt": "wide".encode("utf-16"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_people_send_is_kept(tmp_path: Path, name: str) -> None:
    found = checked(tmp_path, name, GOOD[name])
    assert found.name == name and found.path.exists()


BAD = {
    "empty.pdf": (b"", "empty"),
    "letter.doc": (b"\xd0\xcf\x11\xe0", "save it as a Word document"),
    "run.exe": (b"MZ", "not kept"),
    "no ending": (b"text", "not kept"),
    "macros.docm": (files.docx(), "macros"),
    "page.html": (b"<html>", "not kept"),
    "drawing.svg": (b"<svg/>", "not kept"),
    "renamed.pdf": (b"MZ\x90\x00 not a pdf", "not what its name says"),
    "renamed.jpg": (files.picture("PNG"), "not what its name says"),
    "renamed.docx": (files.pdf(), "not what its name says"),
    "archive.docx": (files.archive({"a.txt": b"x"}), "not what its name says"),
    "page.txt": (b"  <!DOCTYPE html><script>", "not what its name says"),
    "binary.csv": (b"a,b\x00\x01", "not what its name says"),
    "cut.docx": (files.docx()[:-30], "damaged"),
    "cut.pdf": (files.pdf()[:60], "damaged"),
    "vba.docx": (files.with_parts({"word/vbaProject.bin": b"x"}), "macros"),
    "types.docx": (
        files.archive({files.TYPES: b"application/vnd.ms-word.macroEnabled.main", files.WORD: b""}),
        "macros",
    ),
    "basic.odt": (files.archive({"content.xml": b"x", "Basic/Standard/Module1.xml": b"x"}), "macros"),
    "slip.docx": (files.with_parts({"../../etc/cron.d/x": b"x"}), "does not belong"),
    "root.docx": (files.with_parts({"/etc/passwd": b"x"}), "does not belong"),
    "drive.docx": (files.with_parts({"C:\\windows\\x": b"x"}), "does not belong"),
    "nested.docx": (files.with_parts({"word/a.bin": files.docx()}), "another archive"),
    "big.docx": (files.bomb(400), "far larger"),
    "ratio.docx": (files.bomb(100), "far larger"),
    "lies.docx": (files.lying(), "damaged"),
    "overlap.docx": (files.overlapping(), "overlap|two parts|far larger"),
    "names.docx": (files.many_names(12_000), "Far more"),
    "template.docx": (
        files.with_parts({"word/_rels/settings.xml.rels": b'<R Type="x/attachedTemplate" TargetMode="External"/>'}),
        "fetches",
    ),
    "pixels.png": (files.png_of(60_000, 60_000), "far larger than a camera"),
    "area.png": (files.png_of(15_000, 15_000), "far larger than a camera"),
    "frames.gif": (files.many_frames(100), "far larger than a camera"),
    "broken.jpg": (files.picture("JPEG", (900, 900))[:300], "damaged"),
    "script.pdf": (files.pdf(opens="JavaScript"), "run something"),
    "launch.pdf": (files.pdf(opens="Launch"), "run something"),
    "attached.pdf": (files.pdf(attached=b"MZ"), "hidden in the PDF"),
    "locked.pdf": (files.pdf(password="x"), "locked"),
    "bomb.pdf": (files.pdf(stream=bytes(400 * MB)), "far larger|time or memory|damaged"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_must_not_be_kept_is_refused_in_plain_words(tmp_path: Path, name: str) -> None:
    content, words = BAD[name]
    with pytest.raises(Refusal, match=words) as refusal:
        checked(tmp_path, name, content)
    assert refusal.value.mend and len(refusal.value.sentence) < 120


def test_a_file_larger_than_may_be_is_refused_before_it_is_looked_at(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="larger than 1 MB"):
        check(tmp_path / "not there", name="a.pdf", size=2 * MB, largest=MB)


def test_a_photograph_is_kept_upright_without_what_the_camera_added(tmp_path: Path) -> None:
    sent = files.photograph()
    assert b"CANARYCAM" in sent and b"CANARYCOMMENT" in sent
    kept = checked(tmp_path, "photo.jpg", sent).path.read_bytes()
    assert b"CANARY" not in kept and b"Exif" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert not picture.getexif() and picture.size == (40, 60), "turned upright, and not said to be turned"


def test_what_the_child_cannot_survive_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        checking.subprocess, "run", lambda *_, **__: checking.subprocess.CompletedProcess([], -9, "", "")
    )
    with pytest.raises(Refusal, match="time or memory"):
        checked(tmp_path, "report.pdf", files.pdf())


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\My files\\letter.pdf", "letter.pdf"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ('a"b<c>.pdf', "abc.pdf"),
        (" .hidden. ", "hidden"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_name_is_made_plain(sent: str, kept: str) -> None:
    assert plain_name(sent) == kept and len(plain_name(sent)) <= 150


def test_the_child_is_told_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITH_SECRET_KEY", "never")
    told: list[dict[str, str]] = []
    run = checking.subprocess.run

    def watched(*words: object, **how: object) -> object:
        told.append(how["env"])  # type: ignore[arg-type]
        return run(*words, **how)  # type: ignore[call-overload]

    monkeypatch.setattr(checking.subprocess, "run", watched)
    checked(tmp_path, "note.txt", b"x")
    assert told and not [name for name in told[0] if name.startswith(("KITH", "DATABASE"))]
