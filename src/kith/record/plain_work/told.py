"""The kinds of work that have tables of their own in the dataset: what their form asks, and what of it must be said.

What each is called, its codes and its outcomes are those of the app that keeps the kind (`steps.kinds`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from kith.record.people.models import CHILD
from kith.record.periods.models import Period
from kith.record.steps.kinds import kind
from kith.record.steps.models import Part, Step
from kith.vocabulary.codes import code_list, label

from .kinds import DATA, Asked, PlainKind, frozen, plain_kinds

CHANGE = "plain_work:change"
SEVERAL = ", "  # between the codes of one answer


@cache
def told_kinds() -> Mapping[str, PlainKind]:
    """Every such kind by its key, in the order of the files."""
    found: dict[str, PlainKind] = {}
    for file in sorted((DATA / "told").glob("*.toml")):
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        for row in told["kind"]:
            found[row["key"]] = _kind(row, told["group"])
    return found


def _kind(row: Mapping[str, Any], group: str) -> PlainKind:
    of = kind(row["key"])
    return PlainKind(
        **{name: frozen(value) for name, value in row.items() if name not in ("more", "only")},
        group=group,
        told=True,
        more=tuple(_asked(each) for each in row.get("more", ())),
        name=of.name,
        plural=of.plural,
        capability=of.capability,
        codes={code: of.codes[code] for code in row.get("only", of.codes)} if row.get("code_asked") else {},
        outcomes=of.outcomes,
        signed=of.needs_sign_off,
        ends=of.finishes,
    )


def _asked(row: Mapping[str, Any]) -> Asked:
    return Asked(**{"column": row["name"]} | {name: frozen(value) for name, value in row.items()})


@cache
def recorded_kinds() -> Mapping[str, PlainKind]:
    """Every kind that the one form records, those with tables of their own first."""
    return {**told_kinds(), **plain_kinds()}


def groups(about: str = CHILD) -> dict[str, list[PlainKind]]:
    """The kinds that may be recorded of a child, or of such a grown-up, by their group, as a page lists them."""
    found: dict[str, list[PlainKind]] = {}
    for each in recorded_kinds().values():
        if each.about == about:
            found.setdefault(each.group, []).append(each)
    return found


def unsaid(of: PlainKind, more: Mapping[str, Any], *, outcome: str, over: bool) -> Iterator[Asked]:
    """What must be said and is not."""
    for each in of.more:
        if more.get(each.name) in (None, "") and each.must(over=over, outcome=outcome, others=more):
            yield each


def strange(of: PlainKind, more: Mapping[str, Any]) -> Iterator[tuple[Asked, str]]:
    """What was answered by a code that its list does not have, or by one that stands alone beside others; in words."""
    for each in of.more:
        given = str(more.get(each.name) or "") if each.codes else ""
        chosen = (given.split(SEVERAL) if each.several else [given]) if given else []
        if set(chosen) - set(code_list(each.codes).codes if each.codes else ()):
            yield each, "That is none of the answers"
        elif each.alone in chosen and len(chosen) > 1:
            yield each, f"“{label(each.codes, each.alone)}” stands alone"


def more_of(of: PlainKind, part: Part, detail: object = None) -> dict[str, Any]:
    """What is held of the rest, by box. `detail` is the part's own row where it was read already."""
    model = kind(of.key).part_detail
    row = detail if detail is not None or model is None else model.objects.filter(part=part).first()
    opened = period_of(of, part) if of.opens else None
    return {each.name: getattr(opened if each.of_period else row, each.column, None) for each in of.more}


def ref_of_opened(of: PlainKind, part_ref: str) -> str:
    """The ref of the period that this part opens: its own id, so that one row of the dataset may hold both."""
    return f"{of.opens}:{part_ref.partition(':')[2]}"


def period_of(of: PlainKind, part: Part) -> Period | None:
    """The period that the work opened, or belongs to: its own, or one of a load that began on its day."""
    rows = Period.objects.filter(kind=of.opens, voided_at=None, person_id=part.person_id)
    found = rows.filter(ref__in=[part.span, ref_of_opened(of, part.ref)]).first()
    day = part.step.happened_on if of.opens_if and part.outcome in of.opens_if else None
    return found or (rows.filter(started_on=day).first() if day else None)


def unready(step: Step) -> list[str]:
    """What must be said before it can be sent for sign-off, in words."""
    of = told_kinds()[step.kind]
    lacking: dict[str, None] = {}
    for part in step.parts.all():
        if of.outcomes and not part.outcome:
            lacking["how it went is not said"] = None
        for each in unsaid(of, more_of(of, part), outcome=part.outcome, over=True):
            lacking[f"“{each.called}” is not said"] = None
    return list(lacking)
