"""Any file or folder is recognised by what it holds, and a bad one is refused plainly."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.statutory.returns import file_sizes
from kith.statutory.returns.annex_a import bombs
from kith.statutory.returns.annex_a.headings import SPECS
from kith.statutory.returns.reading import KINDS, Reading, RefusedFile, TableCount, read, recognise
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.writing import write_folder

PEOPLE = "pers_person_id,pers_forename,pers_dob\nA1,Ann,2015-02-01\n"
EPISODES = "CHILD,DECOM,RNE,LS,PLACE\nA1,01/04/2024,S,C2,U6\n"
_CHILD = "<Child><ChildIdentifiers><LAchildID>A1</LAchildID></ChildIdentifiers></Child>"
CENSUS = f"<Message><Children>{_CHILD}</Children></Message>"
SCHOOLS = "<Message><Header><CollectionDetails><Collection>SC</Collection></CollectionDetails></Header></Message>"


def _workbook(path: Path) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("any").write_row(0, 0, [field.also[0] for field in SPECS["List 1"].fields])
        book.get_worksheet_by_name("any").write_row(
            1, 0, ["A1", "a) Male", "a) WBRI", "01/02/2015", 9, "01/02/2025", "6"]
        )
    return path


def _file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PEOPLE, "ssd"),
        (EPISODES, "ssda903"),
        (CENSUS, "cin_census"),
        ('<?xml version="1.0"?>\n<!-- x -->' + CENSUS, "cin_census"),
    ],
)
def test_a_file_is_known_by_its_content_whatever_its_name(tmp_path: Path, content: str, kind: str) -> None:
    assert recognise(_file(tmp_path, "export.dat", content)) == kind
    assert kind in KINDS


def test_a_workbook_is_known_whatever_its_name(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "export.dat")
    assert recognise(path) == "annex_a"
    assert read([path]).rows_read == 1


def test_the_fixtures_are_read_whole(fixtures: Path) -> None:
    for name, kind in [("cin", "cin_census"), ("ssda903", "ssda903"), ("ssda903.xml", "ssda903")]:
        reading = read([fixtures / name])
        assert reading.kind == recognise(fixtures / name) == kind
        assert reading.rows_in == reading.rows_read > 0


@pytest.mark.samples
@pytest.mark.parametrize("name", ["cin", "ssda903", "annex_a"])
def test_every_sample_folder_is_read_and_written_and_read_again_as_the_standard_dataset(
    samples: Path, tmp_path: Path, name: str
) -> None:
    reading = read([samples / name])
    assert reading.rows_in == reading.rows_read + reading.rows_reported
    write_folder(reading.dataset, tmp_path)
    again = read([tmp_path])
    assert again.kind == "ssd"
    assert not again.problems
    assert again.dataset.equals(reading.dataset)


def test_a_file_that_is_not_recognised_is_named_beside_those_that_are(tmp_path: Path) -> None:
    _file(tmp_path, "people.csv", PEOPLE)
    _file(tmp_path, "lunch.csv", "day,soup\nMonday,leek\n")
    _file(tmp_path, "photo.bin", b"\x89PNG\x00\x00")
    _file(tmp_path, "empty.csv", "")
    (tmp_path / "older").mkdir()
    reading = read([tmp_path])
    assert [problem.file for problem in reading.problems] == ["empty.csv", "lunch.csv", "photo.bin"]
    assert reading.rows_in == reading.rows_read == 1
    assert any("older" in note for note in reading.notes)


def test_two_kinds_in_one_folder_are_refused(tmp_path: Path) -> None:
    _file(tmp_path, "a.csv", PEOPLE)
    _file(tmp_path, "b.csv", EPISODES)
    with pytest.raises(RefusedFile, match="two kinds of return") as refused:
        read([tmp_path])
    assert "Load each on its own" in refused.value.mend


EXTERNAL = '<!DOCTYPE Message [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + CENSUS.replace("A1", "&x;")
BOMB = (
    '<!DOCTYPE Message [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
    + CENSUS.replace("A1", "&i;")
)


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (CENSUS[:-30], 1, "ends, or is broken, within a tag"),
        (CENSUS[: CENSUS.index("</Child>")], 1, "ends before its last element"),
        ("<Message>\n<Children>\n<Child></Children></Message>", 3, "XML is not sound"),
        ("<Message><Children/></Message>", 1, "no child in this file"),
        (SCHOOLS, None, "another collection"),
        ("<Register><Child/></Register>", None, "not recognised"),
        (EXTERNAL, 1, "document type"),
        (BOMB, 1, "document type"),
        (b'<?xml version="1.0" encoding="UTF-8"?>\n' + CENSUS.replace("A1", "Zo\xeb").encode("cp1252"), 2, "encoding"),
        ("<Message>" + "<Child>" * 5000, 1, "XML is not sound"),
        ("pers_person_id,pers_forename\nA1,\"Annabel\nA2,Ben\n", 2, "quotation mark"),
        ("pers_person_id,pers_forename\n" + "A1,Annabel\n" * 60 + "A2,\x00\n", 62, "not a text file"),
        (b"pers_person_id,pers_forename\nA1,Zo\x81\n", 2, "no known encoding"),
        ("CHILD,DECOM,DECOM,RNE\nA1,,,S\n", 1, "twice"),
        (b"PK\x03\x04 not really", None, "not a workbook"),
        (b"\xd0\xcf\x11\xe0 not really", None, "not a workbook"),
        ("", None, "not recognised"),
        ("hello\n", None, "not recognised"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_file_line_and_what_to_do(
    tmp_path: Path, content: str | bytes, line: int | None, says: str
) -> None:
    path = _file(tmp_path, "bad.file", content)
    with pytest.raises(RefusedFile, match=says) as refused:
        read([path])
    assert (refused.value.file, refused.value.line) == ("bad.file", line)
    assert refused.value.mend
    assert "Annabel" not in str(refused.value)


def test_an_entity_is_never_opened(tmp_path: Path) -> None:
    secret = _file(tmp_path, "secret.txt", "SECRET")
    path = _file(tmp_path, "a.xml", EXTERNAL.replace("/etc/hostname", str(secret)))
    with pytest.raises(RefusedFile) as refused:
        read([path])
    assert "SECRET" not in str(refused.value)


def test_a_missing_path_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match="no such file"):
        read([tmp_path / "nowhere"])
    with pytest.raises(RefusedFile, match="empty"):
        read([tmp_path])


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _workbook(tmp_path / "lists.xlsx")
    assert read([path]).rows_in == 1
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/padding.xml", b"0" * 1_000_000)
    monkeypatch.setattr(bombs, "LARGEST_OPENED", 900_000)
    with pytest.raises(RefusedFile, match="far larger inside"):
        read([path])


def test_a_file_beyond_the_largest_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _file(tmp_path, "people.csv", PEOPLE)
    assert read([path]).rows_in == 1
    monkeypatch.setattr(file_sizes, "LARGEST", 10)
    with pytest.raises(RefusedFile, match="larger than"):
        read([path])


def test_a_reading_whose_counts_do_not_meet_cannot_be_made() -> None:
    with pytest.raises(AssertionError, match="1 rows kept out, 0 reported"):
        Reading(kind="ssd", dataset=Dataset({}), tables={"ssd_person": TableCount(rows_in=2, rows_read=1)})


def _spoilt(original: bytes, places: list[tuple[int, int]], cut: int | None) -> bytes:
    changed = bytearray(original)
    for at, byte in places:
        changed[at % len(changed)] = byte
    return bytes(changed[:cut] if cut is not None else changed)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    name=st.sampled_from(["cin/every_module_2025.xml", "ssda903.xml", "ssda903/b.csv", "ssda903/k.csv"]),
    places=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=8),
    cut=st.none() | st.integers(1, 3000),
)
def test_a_spoilt_file_is_read_or_refused_and_never_breaks_the_reader(
    fixtures: Path, tmp_path: Path, name: str, places: list[tuple[int, int]], cut: int | None
) -> None:
    path = _file(tmp_path, "spoilt", _spoilt((fixtures / name).read_bytes(), places, cut))
    try:
        reading = read([path])
    except RefusedFile as refused:
        assert refused.mend
    else:
        assert reading.rows_in == reading.rows_read + reading.rows_reported
    shutil.rmtree(tmp_path, ignore_errors=True)
    tmp_path.mkdir()


def test_progress_never_goes_back_and_ends_whole(fixtures: Path, tmp_path: Path) -> None:
    shutil.copytree(fixtures / "ssda903", tmp_path / "both")
    shutil.copy(fixtures / "ssda903.xml", tmp_path / "both" / "return.xml")
    for path in (fixtures / "cin", tmp_path / "both", _workbook(tmp_path / "lists.xlsx")):
        told: list[tuple[str, float]] = []
        read([path], progress=lambda sentence, share, told=told: told.append((sentence, share)))  # type: ignore[misc]
        shares = [share for _, share in told]
        assert shares == sorted(shares)
        assert shares[-1] == 1.0
        assert all(sentence for sentence, _ in told)
