"""A newer file of bank holidays from GOV.UK, set beside what is held: what it adds, takes away or renames."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kith.vocabulary.errors import KithError
from kith.vocabulary.working_days import Calendar

DIVISION = "england-and-wales"


class HolidaysFileError(KithError):
    """The file is not GOV.UK's file of bank holidays."""


@dataclass(frozen=True, slots=True)
class Differences:
    """What a newer file says otherwise, in the years that both cover; and which years only it covers."""

    added: tuple[tuple[date, str], ...]
    taken: tuple[tuple[date, str], ...]
    years: tuple[int, ...]  # covered by both
    new_years: tuple[int, ...]

    @property
    def same(self) -> bool:
        """Whether what is held is what the file says."""
        return not (self.added or self.taken or self.new_years)


def read_holidays(path: Path) -> dict[date, str]:
    """The bank holidays of England and Wales in GOV.UK's JSON file. Raises HolidaysFileError."""
    mend = "Download bank-holidays.json from GOV.UK (UK bank holidays) and give its path."
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        events = data[DIVISION]["events"]
        found = {date.fromisoformat(event["date"]): str(event["title"]) for event in events}
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise HolidaysFileError(
            f"{path.name} is not a file of bank holidays with “{DIVISION}” in it.", mend=mend
        ) from error
    if not found:
        raise HolidaysFileError(f"{path.name} holds no bank holidays of {DIVISION}.", mend=mend)
    return found


def differences(newer: dict[date, str], held: Calendar) -> Differences:
    """What the newer holidays say otherwise than what is held. Names are not compared."""
    covered = {day.year for day in newer}
    known = {year for year in covered if held.knows(date(year, 1, 1))}
    mine = {day: name for day, name in held.holidays.items() if day.year in known}
    return Differences(
        added=tuple((day, name) for day, name in sorted(newer.items()) if day.year in known and day not in mine),
        taken=tuple((day, name) for day, name in sorted(mine.items()) if day not in newer),
        years=tuple(sorted(known)),
        new_years=tuple(sorted(covered - known)),
    )
