"""Checks the returns of many authorities: each is a sub-folder or a file of one folder, checked by the same function.

The function runs here, one authority after another, or on Apache Spark, an authority to a task. It gives back what is
counted; the issues themselves it writes as it goes, to a file for each authority.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kith.statutory.returns.checking_returns import check_across, check_annex_a, check_cin, check_ssda903
from kith.statutory.returns.results import RefusedFile
from kith.statutory.returns.rule_reports import UNREAD, Checked, by_rule, write_json_lines, write_parquet
from kith.statutory.returns.rule_running import NotRun
from kith.vocabulary.errors import KithError

_COMPARED = {"cin_census": "cin", "ssda903": "ssda903", "annex_a": "annex_a"}  # by the kinds that readers know
_CODE = re.compile(r"[EW]\d{8}")  # a code of the Office for National Statistics


@dataclass(frozen=True)
class Authority:
    """One authority of the folder: its name is its sub-folder's, or its file's without the ending."""

    name: str
    path: Path


@dataclass(frozen=True)
class AskedOfAll:
    """Which return is checked of every authority (a key of rule_reports.NAMES), what comes beside, and what is written.

    `last_year` and `earlier` are folders of authorities too, in which the names are the same. `parquet` and
    `json_lines` are folders, to which each authority's issues are written as a file of its name.
    """

    kind: str
    year: int | None = None
    last_year: Path | None = None
    earlier: tuple[Path, ...] = ()
    postcodes: Path | None = None
    providers: tuple[Path, ...] = ()
    parquet: Path | None = None
    json_lines: Path | None = None


@dataclass(frozen=True)
class OfAuthority:
    """What checking one authority's return found, counted. `refused` says why nothing could be read, or is empty.

    `by_rule` has for each rule that some row fails its code, how serious it is, how many rows, and its sentence; most
    first. The rule READ stands for rows and files that could not be read.
    """

    name: str
    year: int | None = None
    rows_in: int = 0
    rows_read: int = 0
    children: int = 0
    rules_run: tuple[str, ...] = ()
    not_run: tuple[NotRun, ...] = ()
    by_rule: tuple[tuple[str, str, int, str], ...] = ()
    notes: tuple[str, ...] = ()
    refused: str = ""

    @property
    def issues(self) -> int:
        """How many issues there are."""
        return sum(many for _, _, many, _ in self.by_rule)

    @property
    def clean(self) -> bool:
        """It was read, nothing is to be put right, and no rule broke."""
        return not (self.refused or self.by_rule or any(each.failed for each in self.not_run))


def authorities_in(folder: Path) -> list[Authority]:
    """Every authority of the folder, by name. Raises RefusedFile where there is none, or two have one name."""
    if not folder.is_dir():
        mend = "Give the folder in which each authority has a sub-folder or a file."
        raise RefusedFile("this is not a folder.", mend=mend, file=folder.name)
    found: dict[str, Authority] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")):
            continue
        name = path.name if path.is_dir() else path.stem
        if name in found:
            mend = "Each authority has one sub-folder or one file."
            raise RefusedFile(f"two are called {name}.", mend=mend, file=folder.name)
        found[name] = Authority(name, path)
    if not found:
        mend = "Give the folder in which each authority has a sub-folder or a file."
        raise RefusedFile("this folder is empty.", mend=mend, file=folder.name)
    return list(found.values())


def check_each(asked: AskedOfAll, folder: Path, *, spark: str = "") -> list[OfAuthority]:
    """What checking found of each authority in the folder, by name. Raises RefusedFile.

    `spark`: the address of the Spark master to check them on, such as local[*]; nothing to check them here. Every
    machine of a cluster must have Kith, and the folders under the same path.
    """
    every = authorities_in(folder)
    for to in (asked.parquet, asked.json_lines):
        if to:
            to.mkdir(parents=True, exist_ok=True)
    work = partial(checked_authority, asked)
    if not spark:
        return [work(each) for each in every]
    from kith.statutory.returns.on_spark import spread

    return spread(work, every, master=spark)


def checked_authority(asked: AskedOfAll, authority: Authority) -> OfAuthority:
    """One authority's return, checked, its issues written to its files. What cannot be read is said, not raised."""
    try:
        checked = _CHECKS[asked.kind](asked, authority)
        _write(asked, authority, checked)
    except KithError as refused:
        return OfAuthority(authority.name, refused=str(refused))
    returned, outcome = checked.returned, checked.outcome
    return OfAuthority(
        name=authority.name,
        year=checked.year,
        rows_in=returned.rows_in,
        rows_read=returned.rows_read,
        children=outcome.found.children,
        rules_run=tuple(rule.code for rule in outcome.rules),
        not_run=outcome.not_run,
        by_rule=tuple(by_rule(checked).iter_rows()),
        notes=returned.notes,
    )


def _write(asked: AskedOfAll, authority: Authority, checked: Checked) -> None:
    if asked.parquet:
        write_parquet(checked, asked.parquet / f"{authority.name}.parquet")
    if asked.json_lines:
        with (asked.json_lines / f"{authority.name}.jsonl").open("wb") as out:
            write_json_lines(checked, out)


def _care(asked: AskedOfAll, authority: Authority) -> Checked:
    """Its code, where its name is one, is the authority that the directory of postcodes knows."""
    return check_ssda903(
        [authority.path],
        year=asked.year,
        last_year=_the_same(authority, [asked.last_year] if asked.last_year else []),
        earlier=_the_same(authority, asked.earlier),
        postcodes=asked.postcodes,
        providers=asked.providers,
        authority=authority.name if _CODE.fullmatch(authority.name) else None,
    )


def _the_same(authority: Authority, folders: Iterable[Path]) -> list[Path]:
    """The authority's own returns in folders of other years; an authority that is not in one has none of that year."""
    return [each.path for folder in folders for each in authorities_in(folder) if each.name == authority.name]


def returns_in(authority: Authority) -> dict[str, Path]:
    """The returns of one authority that are compared, by their kinds: each a file or sub-folder, told by what it holds.

    Raises RefusedFile where there are not two, where two are of one kind, or one is of none.
    """
    from kith.statutory.returns.reading import recognise  # here: it knows every reader, and one return needs one

    mend = "Its sub-folder holds two or three returns: the census, the Annex A workbook, the SSDA903 in its own folder."
    held = authority.path.iterdir() if authority.path.is_dir() else []
    found: dict[str, Path] = {}
    for path in sorted(each for each in held if not each.name.startswith((".", "~$"))):
        kind = _COMPARED.get(recognise(path), "")
        if not kind or kind in found:
            said = f"{found[kind].name} is of the same return" if kind else "this is not one of the returns compared"
            raise RefusedFile(f"{said}.", mend=mend, file=path.name)
        found[kind] = path
    if len(found) < 2:
        raise RefusedFile("there are not two returns to compare.", mend=mend, file=authority.path.name)
    return found


def _across(asked: AskedOfAll, authority: Authority) -> Checked:
    found = returns_in(authority)
    cin, care, lists = (found.get(kind) for kind in ("cin", "ssda903", "annex_a"))
    return check_across(cin=cin, ssda903=care, annex_a=lists, year=asked.year)


_CHECKS: Mapping[str, Callable[[AskedOfAll, Authority], Checked]] = {
    "cin": lambda _, authority: check_cin([authority.path]),
    "ssda903": _care,
    "annex_a": lambda _, authority: check_annex_a([authority.path]),
    "across": _across,
}


def totals(found: Sequence[OfAuthority]) -> list[tuple[str, str, int, int, str]]:
    """Each rule that some row fails: code, how serious, how many rows, of how many authorities, its sentence."""
    counted: dict[str, tuple[str, str, int, int, str]] = {}
    for each in found:
        for code, severity, many, sentence in each.by_rule:
            _, _, before, authorities, _ = counted.get(code, (code, severity, 0, 0, sentence))
            counted[code] = (code, severity, before + many, authorities + 1, sentence)
    return sorted(counted.values(), key=lambda row: (row[0] != UNREAD, -row[2], row[0]))
