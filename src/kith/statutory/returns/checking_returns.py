"""Reads a return and runs its rules: what the command line, pages and measurements all call."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kith.statutory.returns.cin_census.returned import read_census
from kith.statutory.returns.results import Progress, RefusedFile, no_progress
from kith.statutory.returns.returned import Returned
from kith.statutory.returns.rule_reports import Checked
from kith.statutory.returns.rule_running import run

if TYPE_CHECKING:
    from kith.statutory.returns.ssda903.directories import Directory


def files_in(paths: Sequence[Path]) -> list[Path]:
    """The files named, and those in the folders named. Raises RefusedFile where there is none, or nothing in one."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(each for each in path.iterdir() if each.is_file()) if path.is_dir() else [path]
        found += [each for each in inside if not each.name.startswith((".", "~$")) or each == path]
    if not found:
        mend = "Choose the folder that the files of the return are in."
        raise RefusedFile("this folder is empty.", mend=mend, file=paths[0].name)
    if empty := [path.name for path in found if path.stat().st_size == 0]:
        raise RefusedFile("this file is empty.", mend="Produce it again, or take it away.", file=empty[0])
    return found


def check_cin(paths: Sequence[Path], *, progress: Progress = no_progress) -> Checked:
    """A children in need census, checked. Raises RefusedFile."""
    from kith.statutory.returns.cin_census.rules import BOOK

    returned = read_census(files_in(paths), progress=progress)
    return Checked(returned, run(BOOK, returned.said))


def check_ssda903(
    paths: Sequence[Path],
    *,
    year: int | None = None,
    last_year: Sequence[Path] = (),
    earlier: Sequence[Path] = (),
    postcodes: Path | None = None,
    providers: Sequence[Path] = (),
    authority: str | None = None,
    progress: Progress = no_progress,
) -> Checked:
    """A looked-after children return, checked; the year worked out where it is not given. Raises RefusedFile."""
    from kith.statutory.returns.ssda903.directories import read_providers
    from kith.statutory.returns.ssda903.returned import read_return
    from kith.statutory.returns.ssda903.rules import BOOK

    returned = read_return(
        files_in(paths),
        year=year,
        last_year=files_in(last_year) if last_year else (),
        earlier=files_in(earlier) if earlier else (),
        postcodes=_directory(postcodes, postcodes.stat().st_mtime_ns) if postcodes else None,
        providers=read_providers(providers) if providers else None,
        authority=authority,
        progress=progress,
    )
    return Checked(returned, run(BOOK, returned.said))


@lru_cache(maxsize=1)
def _directory(path: Path, changed: int) -> Directory:
    """The directory of postcodes, read once for many authorities' returns, and again when the file has changed."""
    from kith.statutory.returns.ssda903.directories import read_postcodes

    return read_postcodes(path)


def check_annex_a(paths: Sequence[Path], *, progress: Progress = no_progress) -> Checked:
    """An Annex A workbook, checked. Raises RefusedFile."""
    from kith.statutory.returns.annex_a.returned import read_workbook
    from kith.statutory.returns.annex_a.rules import BOOK

    returned = read_workbook(files_in(paths), progress=progress)
    return Checked(returned, run(BOOK, returned.said))


def check_across(
    *,
    cin: Path | None = None,
    ssda903: Path | None = None,
    annex_a: Path | None = None,
    year: int | None = None,
    progress: Progress = no_progress,
) -> Checked:
    """What two or three returns of one authority say of the same child, compared. Raises RefusedFile."""
    from kith.statutory.returns.across.rules import BOOK
    from kith.statutory.returns.across.together import side_by_side
    from kith.statutory.returns.annex_a.returned import read_workbook
    from kith.statutory.returns.ssda903.returned import read_return

    returns: dict[str, Returned] = {}
    if cin:
        returns["cin"] = read_census(files_in([cin]), progress=progress)
    if ssda903:
        returns["ssda903"] = read_return(files_in([ssda903]), year=year, progress=progress)
    if annex_a:
        returns["annex_a"] = read_workbook(files_in([annex_a]), progress=progress)
    returned = side_by_side(returns)
    return Checked(returned, run(BOOK, returned.said))
