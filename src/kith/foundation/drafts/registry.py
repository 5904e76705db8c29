"""How each kind of form shows and saves what a clash is about: every form that checks its version registers here.

In the app's `ready()`:

    from kith.foundation.drafts import registry
    registry.register("story", capability="write_story", title=…, current=…, save=…)

`title(*, viewer, about)` names it: "The story of Ayla Khan". `current(*, viewer, about)` gives what is saved now, or
None where the viewer may not see it. `save(*, viewer, about, values, at)` saves the chosen values over the current
version and gives the address to go on to; it raises a KithError, or Django's ValidationError, when they cannot stand.
`may_see(*, viewer, about)` says whether a draft of this form may be named in the list of one's drafts: a worker who
was barred after writing it finds no name there. `veil(*, viewer, about)` gives what takes out of a text the places
that its author may not know any more. `read(body)`, where the form's boxes are not simply its fields, turns
what was posted into the same values. A module that has all of these under those names is handed over whole, with
`register_module`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import ModuleType
from typing import Any, Protocol

from kith.foundation.access.models import Worker
from kith.foundation.access.viewer import Viewer
from kith.foundation.history.queries import changes_to

Body = Mapping[str, list[str]]
Values = Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """One field as it is saved now. `long` text can be joined; a short one is chosen. `words` says codes in words."""

    name: str
    label: str
    value: str
    long: bool = False
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Current:
    """What is saved now: its version, who saved it and when, its answers, and where it is shown."""

    version: int
    answers: tuple[Answer, ...]
    url: str
    by: str = ""
    at: datetime | None = None

    @classmethod
    def of(cls, row: Any, answers: Iterable[Answer], url: str) -> Current:
        """A row that carries its version, with who changed it last and when, as the history has it."""
        last = changes_to({row._meta.db_table: [row.pk]}).first()
        by = Worker.objects.filter(pk=last.worker).first() if last else None
        return cls(row.version, tuple(answers), url, by=by.name if by else "", at=last.at if last else None)


class Titled(Protocol):
    """Names the record."""

    def __call__(self, *, viewer: Viewer, about: str) -> str: ...


class Opens(Protocol):
    """Says whether the viewer may know what a draft is about."""

    def __call__(self, *, viewer: Viewer, about: str) -> bool: ...


class Reads(Protocol):
    """Gives what is saved now."""

    def __call__(self, *, viewer: Viewer, about: str) -> Current | None: ...


class Saves(Protocol):
    """Saves the chosen values and gives the address to go on to."""

    def __call__(self, *, viewer: Viewer, about: str, values: Values, at: datetime) -> str: ...


class Veils(Protocol):
    """Gives a function that takes out of a text what the viewer may not know: where a shielded child is."""

    def __call__(self, *, viewer: Viewer, about: str) -> Callable[[str], str]: ...


def as_written(*, viewer: Viewer, about: str) -> Callable[[str], str]:
    """What a form says whose texts tell nothing that its author might not know any more."""
    return str


def open_to_all(*, viewer: Viewer, about: str) -> bool:
    """What a form says that is about nobody."""
    return True


def first_values(body: Body) -> dict[str, str]:
    """A posted body as one text for each field; several choices become a list in words."""
    return {name: ", ".join(values) for name, values in body.items()}


@dataclass(frozen=True)
class Kind:
    """One kind of form."""

    form: str
    capability: str
    title: Titled
    current: Reads
    save: Saves
    read: Callable[[Body], Values] = first_values
    may_see: Opens = open_to_all
    veil: Veils = as_written


_kinds: dict[str, Kind] = {}


def register(
    form: str,
    *,
    capability: str,
    title: Titled,
    current: Reads,
    save: Saves,
    read: Callable[[Body], Values] = first_values,
    may_see: Opens = open_to_all,
    veil: Veils = as_written,
) -> Kind:
    """Say how clashes over `form` are shown and saved."""
    _kinds[form] = Kind(form, capability, title, current, save, read, may_see, veil)
    return _kinds[form]


_OF_A_MODULE = ("title", "current", "save", "read", "may_see", "veil")


def register_module(told: ModuleType, *, capability: str) -> Kind:
    """The same of a module that has all of it under these names, and FORM for the form; AttributeError where not."""
    return register(told.FORM, capability=capability, **{name: getattr(told, name) for name in _OF_A_MODULE})


def may_name(*, viewer: Viewer, form: str, about: str) -> bool:
    """Whether the viewer's list of drafts may say what this one is about."""
    return form not in _kinds or _kinds[form].may_see(viewer=viewer, about=about)


def veil_over(*, viewer: Viewer, form: str, about: str) -> Callable[[str], str]:
    """What takes out of a draft of this form what its author may not know any more."""
    return _kinds[form].veil(viewer=viewer, about=about) if form in _kinds else str


def kind_of(form: str) -> Kind:
    """The kind registered for `form`; a form that checks its version and never registered is a bug, and says so."""
    if form not in _kinds:
        raise LookupError(f"No form is registered as {form!r}: call drafts.registry.register in its app's ready().")
    return _kinds[form]
