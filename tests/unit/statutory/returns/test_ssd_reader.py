"""The Standard Safeguarding Dataset folder: what is read, what is reported, and that nothing is lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from kith.statutory.returns.results import RefusedFile
from kith.statutory.returns.ssd.dataset import Dataset, conform, empty_table, keys, references, schema, specs
from kith.statutory.returns.ssd_extract.reader import read_files, read_folder, table_of

PERSON = "pers_person_id,pers_forename,pers_dob\n"


def _write(folder: Path, name: str, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_the_standard_has_forty_eight_tables_and_kith_its_own() -> None:
    ssd = [table for name, table in specs().items() if name.startswith("ssd_")]
    assert len(ssd) == 48
    assert sum(len(table.fields) for table in ssd) == 359 + 2  # and the two that the daily service uses
    assert {"kith_promise", "kith_return_interview", "kith_visit_note"} <= specs().keys()


def test_every_key_and_reference_is_a_field_that_exists() -> None:
    for name, table in specs().items():
        assert set(keys(name)) <= set(table.columns), name
        for field, target in references(name).items():
            to, column = target.split(".")
            assert field in table.columns, (name, field)
            assert column in schema(to), (name, field)


def test_an_absent_table_is_empty_and_typed() -> None:
    assert Dataset({}).table("ssd_person").schema == empty_table("ssd_person").schema
    assert empty_table("ssd_person").schema["pers_dob"] == pl.Date


def test_a_dataset_refuses_a_table_of_the_wrong_shape() -> None:
    with pytest.raises(ValueError, match="ssd_person"):
        Dataset({"ssd_person": pl.DataFrame({"pers_person_id": ["1"]})})
    with pytest.raises(ValueError, match="shoe_size"):
        conform("ssd_person", pl.DataFrame({"pers_person_id": ["1"], "shoe_size": ["4"]}))


def test_a_file_is_known_by_its_columns_in_any_order_and_case() -> None:
    assert table_of(["CINE_PERSON_ID", "cine_referral_id", "cine_referral_date"]) is specs()["ssd_cin_episodes"]
    assert table_of(["id", "name"]) is None
    assert table_of([]) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_file_is_read_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    _write(tmp_path, "x.csv", PERSON + "A1,Zoë,2015-02-01\n", encoding=encoding)
    dataset, reading = read_folder(tmp_path)
    assert dataset.table("ssd_person").row(0, named=True)["pers_forename"] == "Zoë"
    assert (reading.rows_in, reading.rows_read, reading.rows_reported) == (1, 1, 0)


@pytest.mark.parametrize(
    "written", ["2015-02-01", "2015-02-01 00:00:00.000", "2015-02-01T00:00:00Z", "01/02/2015", "1/2/2015 00:00"]
)
def test_dates_are_read_as_systems_write_them(tmp_path: Path, written: str) -> None:
    _write(tmp_path, "x.csv", PERSON + f"A1,Ann,{written}\n")
    assert read_folder(tmp_path)[0].table("ssd_person")["pers_dob"].to_list() == [date(2015, 2, 1)]


def test_a_bad_row_is_named_and_kept_out_and_the_rest_is_read(tmp_path: Path) -> None:
    rows = [
        "A1,Ann,2015-02-01",
        "A2,Ben,31/02/2015",
        ",Cat,2014-01-01",
        "A1,Ann,2015-02-01",
        "A1,Anne,2015-02-01",
        "A3,Di",
        "A4,Ed,",
    ]
    _write(tmp_path, "people.csv", PERSON + "\n".join(rows) + "\n\n")
    dataset, reading = read_folder(tmp_path)
    assert dataset.table("ssd_person")["pers_person_id"].to_list() == ["A1", "A4"]
    assert (reading.rows_in, reading.rows_read, reading.rows_reported) == (7, 2, 5)
    said = {problem.line: (problem.field, problem.message) for problem in reading.problems}
    assert said[3][0] == "pers_dob" and "not a date" in said[3][1]
    assert said[4][0] == "pers_person_id" and "blank" in said[4][1]
    assert "repeats line 2" in said[5][1]
    assert "key of line 2" in said[6][1]
    assert "2 values where the heading has 3" in said[7][1]


def test_a_problem_shows_a_bad_date_but_never_a_name(tmp_path: Path) -> None:
    _write(tmp_path, "x.csv", PERSON + "A1,Ann,31/02/2015\nA2,2015-02-01,Benjamin\n")
    problems = read_folder(tmp_path)[1].problems
    assert [problem.shown for problem in problems] == ["31/02/2015", None]
    assert not any("Benjamin" in str(problem) or "Ann" in str(problem) for problem in problems)


def test_one_row_with_two_faults_is_one_row_reported(tmp_path: Path) -> None:
    _write(tmp_path, "x.csv", "pers_person_id,pers_dob,pers_death_date\nA1,soon,later\n")
    reading = read_folder(tmp_path)[1]
    assert len(reading.problems) == 2
    assert (reading.rows_in, reading.rows_read, reading.rows_reported) == (1, 0, 1)


def test_a_line_break_inside_quotes_does_not_shift_the_line_that_is_named(tmp_path: Path) -> None:
    _write(tmp_path, "x.csv", PERSON + '"A1","An\nn",2015-02-01\nA2,Ben,never\n')
    assert read_folder(tmp_path)[1].problems[0].line == 4


def test_missing_and_unknown_columns_are_said(tmp_path: Path) -> None:
    _write(tmp_path, "x.csv", "pers_person_id,pers_dob,shoe_size\nA1,2015-02-01,4\n")
    notes = " ".join(read_folder(tmp_path)[1].notes)
    assert "shoe_size" in notes
    assert "pers_forename" in notes


def test_a_row_about_a_child_who_is_not_here_is_kept_and_said(tmp_path: Path) -> None:
    _write(tmp_path, "a.csv", PERSON + "A1,Ann,2015-02-01\n")
    _write(tmp_path, "b.csv", "cont_contact_id,cont_person_id,cont_contact_date\nC1,A1,2025-01-01\nC2,A9,2025-01-02\n")
    dataset, reading = read_folder(tmp_path)
    assert dataset.table("ssd_contacts").height == 2
    assert any("ssd_contacts: rows whose cont_person_id is not in ssd_person: 1." in note for note in reading.notes)


def test_two_files_of_one_table_are_read_together_and_repeats_name_the_other_file(tmp_path: Path) -> None:
    _write(tmp_path, "a.csv", PERSON + "A1,Ann,2015-02-01\n")
    _write(tmp_path, "b.csv", PERSON + "A1,Ann,2015-02-01\nA2,Ben,\n")
    dataset, reading = read_folder(tmp_path)
    assert dataset.table("ssd_person").height == 2
    assert "line 2 of a.csv" in reading.problems[0].message


def test_a_file_that_is_no_table_is_named_as_not_recognised(tmp_path: Path) -> None:
    _write(tmp_path, "a.csv", PERSON + "A1,Ann,2015-02-01\n")
    _write(tmp_path, "lunch.csv", "day,soup\nMonday,leek\n")
    reading = read_folder(tmp_path)[1]
    assert [(problem.file, problem.row) for problem in reading.problems] == [("lunch.csv", None)]
    assert reading.rows_in == reading.rows_read == 1


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (PERSON + 'A1,"Ann,2015-02-01\nA2,Ben,2015-02-01\n', 2, "quotation mark"),
        (PERSON + 'A0,Al,\nA1,"Ann,2015-02-01\nA2,"Ben",2015-02-01\n', 3, "quotation mark"),
        ("pers_person_id,pers_dob,pers_dob\nA1,,\n", 1, "twice"),
        ("pers_forename,pers_dob\nAnn,2015-02-01\n", 1, "missing"),
    ],
)
def test_a_bad_file_is_refused_naming_file_and_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = _write(tmp_path, "x.csv", text)
    with pytest.raises(RefusedFile, match=says) as refused:
        read_files([path])
    assert (refused.value.file, refused.value.line) == ("x.csv", line)
    assert refused.value.mend


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match="no CSV file"):
        read_folder(tmp_path)


def test_progress_is_told_and_ends_whole(tmp_path: Path) -> None:
    _write(tmp_path, "a.csv", PERSON + "A1,Ann,2015-02-01\n")
    told: list[float] = []
    read_folder(tmp_path, progress=lambda sentence, share: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_the_hour_a_child_went_missing_is_kept_and_other_hours_are_said(tmp_path: Path) -> None:
    heading = "miss_table_id,miss_person_id,miss_missing_episode_start_date,miss_missing_episode_end_date\n"
    rows = ["M1,A1,2025-03-02 23:30:00,2025-03-03T06:05", "M2,A1,2025-04-01 00:00:00,", "M3,A1,soon 10:00,"]
    _write(tmp_path, "m.csv", heading + "\n".join(rows) + "\n")
    _write(tmp_path, "c.csv", "cont_contact_id,cont_person_id,cont_contact_date\nC1,A1,2025-01-01 09:15\n")
    dataset, reading = read_folder(tmp_path)
    assert dataset.table("kith_missing_detail").select(
        "misd_missing_id", "misd_start_time", "misd_end_time"
    ).rows() == [("M1", "23:30", "06:05")]
    assert (reading.rows_in, reading.rows_read) == (4, 3)
    assert any("values of cont_contact_date with a time of day" in note for note in reading.notes)


def test_times_that_an_extract_already_holds_are_left_as_they_are(tmp_path: Path) -> None:
    heading = "miss_table_id,miss_person_id,miss_missing_episode_start_date,miss_missing_episode_end_date\n"
    _write(tmp_path, "m.csv", heading + "M1,A1,2025-03-02 23:30:00,\n")
    _write(tmp_path, "d.csv", "misd_missing_id,misd_start_time\nM1,21:00\n")
    assert read_folder(tmp_path)[0].table("kith_missing_detail")["misd_start_time"].to_list() == ["21:00"]


def test_the_word_null_is_blank_and_said(tmp_path: Path) -> None:
    _write(tmp_path, "x.csv", PERSON + "A1,NULL,NULL\n")
    dataset, reading = read_folder(tmp_path)
    assert dataset.table("ssd_person").row(0)[:2] == ("A1", None)
    assert "ssd_person: places where the word NULL stands, read as blank: 2." in reading.notes
