"""Two people writing about one promise: how the drafts' clash page reads it, and saves what was chosen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from kith.foundation.access.models import Worker
from kith.foundation.access.viewer import Viewer
from kith.foundation.drafts.registry import Answer, Body, Current, Values, register
from kith.foundation.screens.forms import GovDateField
from kith.record.people.queries import NotFound, children_for
from kith.record.people.shields import hides_places_of
from kith.vocabulary.errors import KithError
from kith.vocabulary.texts import whole_number

from . import actions, owners, queries
from .models import Promise

CHANGE, DONE, DROP = "promise", "promise_done", "promise_drop"
NO_DAY = KithError("The day is not one.", mend="Write it as 7 5 2026.")


def register_promises() -> None:
    """Let the drafts know of the three forms that write about a promise."""
    for form, save in ((CHANGE, _save_change), (DONE, _save_done), (DROP, _save_drop)):
        register(
            form,
            capability="record_promise",
            title=_title,
            current=_current(form),
            save=save,
            read=read,
            may_see=_may_see,
            veil=_veil,
        )


def read(body: Body) -> dict[str, str]:
    """What a form posted, by its answers' names: a day's three boxes are one."""
    one = {name: values[-1] if values else "" for name, values in body.items()}
    for name in ("due_on", "done_on"):
        if f"{name}-day" in one:
            typed = tuple(one.get(f"{name}-{part}", "") for part in ("day", "month", "year"))
            day: date | None = GovDateField(required=False).clean(typed if any(typed) else None)
            one[name] = day.isoformat() if day else ""
    return one


def _title(*, viewer: Viewer, about: str) -> str:
    row = _found(viewer, about)
    return f"A promise for {row.person.name}" if row else "A promise"


def _current(form: str) -> object:
    def current(*, viewer: Viewer, about: str) -> Current | None:
        """The promise as it stands; nothing where the viewer may not see the child."""
        row = _found(viewer, about)
        if row is None or (form == CHANGE and getattr(row, "veiled", False)):
            return None  # a text without its places must not be saved over the whole one
        return Current(row.version, _answers(form, viewer, row), reverse("promises:promise", args=[row.pk]))

    return current


def _answers(form: str, viewer: Viewer, row: Promise) -> tuple[Answer, ...]:
    if form == DROP:
        return (Answer("why", "Why it will not be done", row.dropped_why, long=True),)
    if form == DONE:
        return (
            Answer("done_on", "When it was done", _day(row.done_on)),
            Answer("evidence", "How we know", row.evidence, long=True),
            Answer("effect", "What difference it made", row.effect, long=True),
        )
    near = owners.with_owner(owners.likely_owners(viewer, [row.person]), row)
    return (
        Answer("what", "What will be done", row.what, long=True),
        Answer("owner", "Who will do it", owners.chosen(row), words=dict(owners.choices(near))),
        Answer("owner_name", "Their name, if from another agency", row.owner_name),
        Answer("due_on", "By when", _day(row.due_on)),
    )


def _save_change(*, viewer: Viewer, about: str, values: Values, at: datetime) -> str:
    row = _one(viewer, about)
    if owners.lacks_name(values["owner"], values["owner_name"]):
        raise KithError(f"{owners.NAME_THEM}.")
    columns = {"what": values["what"], "due_on": parse_date(values["due_on"])}
    columns |= owners.columns(values["owner"], values["owner_name"])
    actions.change(promise=row, version=row.version, columns=columns)
    return reverse("promises:promise", args=[row.pk])


def _save_done(*, viewer: Viewer, about: str, values: Values, at: datetime) -> str:
    row, day = _one(viewer, about), parse_date(values["done_on"])
    if day is None:
        raise NO_DAY
    actions.mark_done(
        promise=row,
        version=row.version,
        by=Worker.objects.get(pk=viewer.worker),
        on=day,
        today=timezone.localdate(at),
        evidence=values["evidence"],
        effect=values["effect"],
    )
    return reverse("promises:promise", args=[row.pk])


def _save_drop(*, viewer: Viewer, about: str, values: Values, at: datetime) -> str:
    row = _one(viewer, about)
    actions.drop(promise=row, version=row.version, on=timezone.localdate(at), why=values["why"])
    return reverse("promises:promise", args=[row.pk])


def _may_see(*, viewer: Viewer, about: str) -> bool:
    """Whether the child is still open to the writer: of a promise, or of one about to be made."""
    if about.startswith("child:"):
        return children_for(viewer).filter(pk=whole_number(about.removeprefix("child:"))).exists()
    return _found(viewer, about) is not None


def _veil(*, viewer: Viewer, about: str) -> Callable[[str], str]:
    """What takes the places of a shielded child out of what was written of a promise to her."""
    if about.startswith("child:") and _may_see(viewer=viewer, about=about):
        return hides_places_of(viewer, [int(about.removeprefix("child:"))])
    row = _found(viewer, about)
    return hides_places_of(viewer, [row.person_id]) if row else str


def _one(viewer: Viewer, about: str) -> Promise:
    return queries.promise_for(viewer, int(about))


def _found(viewer: Viewer, about: str) -> Promise | None:
    pk = whole_number(about)
    if pk is None:
        return None
    try:
        return queries.promise_for(viewer, pk)
    except NotFound:
        return None


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
