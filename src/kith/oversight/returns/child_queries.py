"""One child's rows as the returns of this year would have them, by the same rules; each leads to where it is mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kith.foundation.access.viewer import Viewer
from kith.foundation.screens.words import nice_date
from kith.record.extracting.extract import Extract, extract_of
from kith.record.extracting.origins import opens_at
from kith.record.people.by_return import opening_to
from kith.record.plain_work.clashes import whole
from kith.record.steps.kinds import kind
from kith.statutory.returns.from_dataset import READS
from kith.statutory.returns.one_child import Rejection, rejections
from kith.statutory.returns.rule_reports import NAMES
from kith.statutory.returns.rules import ERROR
from kith.vocabulary.few_rows import of_few_rows

from .mending import mended_at
from .queries import standing


@dataclass(frozen=True)
class Line:
    """One thing that a return would reject or ask about, in words.

    `url` is the page of what is recorded, if it opens; `form` the box in which this viewer puts it right. `no_form`:
    nobody can here, for Kith has no form for it.
    """

    words: str
    which: str
    about: str
    code: str
    url: str
    form: str
    no_form: bool
    answered: bool


@of_few_rows
def read(people: Sequence[int], *, on: date) -> tuple[Extract, list[Rejection]]:
    """The rows of a child, by the numbers of the records read as theirs, and what the returns would say of them."""
    found = extract_of(people, on=on, tables=READS)
    return found, rejections(found.dataset, on=on)


def lines(viewer: Viewer, found: Extract, said: list[Rejection]) -> list[Line]:
    """In words: what the returns would reject first, what is answered last."""
    answered, places = _answered(said), _places(viewer, found, said)
    told = [_line(viewer, each, places.get((each.from_table or "", each.at)), _key(each) in answered) for each in said]
    return sorted(told, key=lambda each: (each.answered, each.which != "Would be rejected", each.about, each.code))


def _key(said: Rejection) -> tuple[str, int, str, str, str, str]:
    return (said.kind, said.year, said.rule.code, said.child, said.table, said.says)


def _answered(said: list[Rejection]) -> set[tuple[str, int, str, str, str, str]]:
    terms = {(each.kind, each.year) for each in said}
    children = {each.child for each in said}
    columns = ("kind", "year", "rule", "child", "table", "says")
    return {
        key for kind, year in terms for key in standing(kind, year).filter(child__in=children).values_list(*columns)
    }


def _line(viewer: Viewer, said: Rejection, origin: Mapping[str, object] | None, answered: bool) -> Line:
    mended = mended_at(said, origin) if origin and not _of_several(viewer, origin) else None
    days = ", ".join(nice_date(day) for day in list(said.days.values())[:1])
    return Line(
        words=said.rule.sentence,
        which="Would be rejected" if said.rule.severity == ERROR else "Would be asked about",
        about=NAMES[said.kind] + (f", {days}" if days else ""),
        code=said.rule.code,
        url=opens_at(origin) if origin else "",
        form=mended.url if mended and viewer.may(mended.capability) else "",
        no_form=origin is not None and mended is None,
        answered=answered,
    )


def _of_several(viewer: Viewer, origin: Mapping[str, object]) -> bool:
    """Whether it is work that several children share, whose form is of one."""
    if origin["thing"] != "step" or not kind(str(origin["kind"])).of_one:
        return False
    return whole(viewer, str(origin["id"])) is None


def _places(viewer: Viewer, found: Extract, said: list[Rejection]) -> dict[tuple[str, int | None], dict[str, object]]:
    """The row of the record that each of these rows of the returns was made of, of those that open."""
    names = {each.from_table for each in said if each.from_table}
    came = found.origins_of(names)
    rows = {
        (each.from_table or "", each.at): came[each.from_table].row(each.at, named=True)
        for each in said
        if each.from_table and each.at is not None
    }
    opening = opening_to(viewer, {each["person"] for each in rows.values() if each["person"]})
    return {key: each for key, each in rows.items() if each["person"] in opening}
