"""A newer file of bank holidays, set beside what is held."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from kith.cli import main
from kith.vocabulary.holidays_file import HolidaysFileError, differences, read_holidays
from kith.vocabulary.working_days import england


def written(folder: Path, days: dict[date, str]) -> Path:
    events = [{"title": name, "date": f"{day}", "notes": "", "bunting": True} for day, name in days.items()]
    path = folder / "bank-holidays.json"
    path.write_text(json.dumps({"england-and-wales": {"division": "england-and-wales", "events": events}}))
    return path


def of(*years: int) -> dict[date, str]:
    return {day: name for day, name in england().holidays.items() if day.year in years}


def test_the_same_days_under_other_names_are_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, {day: "Bank holiday" for day in of(2022, 2023)})
    found = differences(read_holidays(path), england())
    assert found.same
    assert found.years == (2022, 2023)
    result = CliRunner().invoke(main, ["holidays", str(path)])
    assert (result.exit_code, result.output) == (0, "The same: 2022 to 2023.\n")


def test_a_day_more_a_day_less_and_a_new_year_are_each_named(tmp_path: Path) -> None:
    days = of(2026, 2027) | {date(2026, 7, 6): "A victory", date(2031, 1, 1): "New Year’s Day"}
    del days[date(2027, 5, 3)]
    result = CliRunner().invoke(main, ["holidays", str(written(tmp_path, days))])
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "Add 2026-07-06 (A victory): it is a holiday, and is not held.",
        "Take away 2027-05-03 (Early May bank holiday): it is held, and is no holiday.",
        "The file goes beyond what is held: 2031.",
    ]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"england-and-wales": {"events": []}}', '{"scotland": {}}', "\xff"])
def test_another_file_is_refused_in_plain_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(HolidaysFileError, match=r"x\.json"):
        read_holidays(path)
