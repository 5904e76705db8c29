"""The kinds of work: what each is called, and which model, form and template it adds to the shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kith.foundation.access.models import Worker
from kith.foundation.access.viewer import Viewer
from kith.record.deadlines.sources import recorded_here

from .models import PartDetail, Step, StepDetail


@dataclass(frozen=True)
class Kind:
    """One kind of step. Only `key`, `name` and `plural` are needed: a kind that is only ever loaded has no form.

    `path` is the URL name of the page that records one, `edit` of the page that changes one (it takes the step's id).
    Work with such a page always counts as held. A plain kind (`plain_work`) has none: a clock that it would meet waits
    until the first is recorded or loaded, for a council that never records one does that work elsewhere.
    `template` is a piece of a page, included beneath the common part of a step's page and of its print, with `step`,
    `parts` (each a Part with `.detail`, its row of `part_detail` or None) and `detail` (the row of `detail` or None).
    `finishes` is the fact that ends one: "done", or "happened" for what is over once it took place.
    An outcome among `closing_outcomes` ends one by itself, such as an offer that was declined.
    `confidential`: only who may record one may read one, whoever's record it is on.
    `ready` says, in words, what still stands in the way of closing; an empty list means nothing does.
    `of_one`: its form is of one child, so what a load tells of several together is changed where it came from.
    `cancelled` does what else is undone with one that is cancelled, in the same transaction; it may refuse, in words.
    """

    key: str
    name: str
    plural: str
    codes: Mapping[str, str] = field(default_factory=dict)  # what each code is called
    outcomes: Mapping[str, str] = field(default_factory=dict)
    detail: type[StepDetail] | None = None
    part_detail: type[PartDetail] | None = None
    capability: str = ""  # who may record one; empty: it is only loaded
    path: str = ""
    edit: str = ""
    finishes: str = "done"
    closing_outcomes: tuple[str, ...] = ()
    template: str = "steps/plain.html"
    needs_sign_off: bool = False
    confidential: bool = False
    of_one: bool = False
    significant: bool = False  # a new one starts in the short chronology
    ready: Callable[[Step], list[str]] = lambda step: []
    cancelled: Callable[[Step, Worker], None] = lambda step, by: None

    def title(self, code: str) -> str:
        """What to call one: the code's words where there are some, else the kind's name."""
        return self.codes.get(code, self.name)

    def outcome_words(self, code: str) -> str:
        """The outcome in words; a code nobody has named is shown as it is."""
        return self.outcomes.get(code, code.replace("_", " "))


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Add kinds; two of one key are a bug."""
    for kind in kinds:
        if _kinds.get(kind.key, kind) != kind:
            raise ValueError(f"Two kinds of step are called {kind.key}.")
        _kinds[kind.key] = kind
        if kind.path:
            recorded_here.add(kind.key)


def kept_from(viewer: Viewer) -> list[str]:
    """The kinds of work that this viewer may not read, on whoever's record they are."""
    return sorted(each.key for each in _kinds.values() if each.confidential and not viewer.may(each.capability))


def kind(key: str) -> Kind:
    """The kind of that key; an unknown one (from a newer load) is shown by its own name."""
    return _kinds.get(key) or Kind(key=key, name=key.replace("_", " ").capitalize(), plural=key.replace("_", " "))


def all_kinds() -> list[Kind]:
    """Every kind, by name."""
    return sorted(_kinds.values(), key=lambda each: each.name)
