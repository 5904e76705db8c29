"""The history of a step in words: who changed what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kith.foundation.access.queries import names_of
from kith.foundation.history.models import Change
from kith.foundation.history.queries import changes_to

from .kinds import kind
from .models import Part, SignOff, Step

# Columns that say nothing to a reader, or are how the table works.
UNSAID = {"id", "ref", "version", "recorded_at", "recorded_by_id", "load", "step_id", "part_id", "person_id", "kind"}
WORDS = {
    "done_at": "when it was finished",
    "done_on": "the day it was finished",
    "happened_at": "when it happened",
    "happened_on": "the day it happened",
    "opened_at": "when it began",
    "opened_on": "the day it began",
    "planned_on": "the day planned",
    "submitted_at": "sent for sign-off",
    "worker_id": "who it falls to",
    "team_id": "the team",
    "words": "what was written",
    "counts": "whether it counts",
    "span": "which plan it belongs to",
    "by_id": "who answered",
    "others": "who else was there",
    "said": "what the child said",
    "note": "the worker’s note",
    "led_from": "what it came from",
    "form_id": "the questions asked",
}
ACTS = {"added": "Recorded", "changed": "Changed", "removed": "Removed"}


@dataclass(frozen=True)
class Happened:
    """One moment's changes by one person."""

    at: datetime
    by: str
    words: str


def history_of(step: Step) -> list[Happened]:
    """What happened to this step and the parts shown, newest first; one line for each saving."""
    rows = list(changes_to(_rows(step)))
    names = names_of(workers=[row.worker for row in rows])
    groups: dict[tuple[Any, ...], list[Change]] = {}
    for row in rows:
        same_saving = (row.request,) if row.request else (row.pk,)
        groups.setdefault((row.worker, *same_saving), []).append(row)
    return [_line(group, names) for group in groups.values()]


def _rows(step: Step) -> dict[str, list[int]]:
    of, parts = kind(step.kind), [part.pk for part in step.shown_parts]
    rows: dict[str, list[int]] = {Step._meta.db_table: [step.pk], Part._meta.db_table: parts}
    if of.detail:
        rows[of.detail._meta.db_table] = [step.pk]
    if of.part_detail:
        rows[of.part_detail._meta.db_table] = parts
    rows[SignOff._meta.db_table] = list(step.sign_offs.values_list("pk", flat=True))
    return rows


def _line(group: list[Change], names: dict[int, str]) -> Happened:
    first = group[0]
    by = names.get(first.worker or 0) or ("a load" if first.role == "system" else "somebody no longer here")
    return Happened(at=first.at, by=by, words=_what(group))


def _what(group: list[Change]) -> str:
    if any(row.table == SignOff._meta.db_table for row in group):
        return "Answered, at sign-off"
    acts = {row.act for row in group}
    if acts == {"added"}:
        return "Recorded"
    changed = [column for row in group if row.act == "changed" for column in _columns(row)]
    said = ", ".join(dict.fromkeys(WORDS.get(each, each.replace("_", " ").removesuffix(" id")) for each in changed))
    return f"Changed: {said}" if said else ACTS[_most_telling(acts)]


def _most_telling(acts: set[str]) -> str:
    """The act that says most, of several in one saving."""
    return next(each for each in ("removed", "changed", "added") if each in acts)


def _columns(row: Change) -> list[str]:
    before, after = row.before or {}, row.after or {}
    return [name for name in after if name not in UNSAID and before.get(name) != after.get(name)]
