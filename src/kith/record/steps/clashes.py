"""Two people answering or cancelling one piece of work: how the clash page reads it, and saves what was chosen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.foundation.access.viewer import Viewer
from kith.foundation.drafts.registry import Answer, Current, Values, register
from kith.vocabulary.errors import KithError
from kith.vocabulary.texts import whole_number

from . import actions, queries
from .models import Step

ANSWER, CANCEL = "sign_off", "cancel"
SAID = {"signed": "Sign it off", "returned": "Return it with a comment", "": "No answer"}


def register_steps() -> None:
    """Let the drafts know of the two forms that any kind of work has."""
    register(
        ANSWER, capability="sign_off", title=_title, current=_answered, save=_save_answer, may_see=_may_see, veil=_veil
    )
    register(
        CANCEL,
        capability="see_child",
        title=_title,
        current=_cancelled,
        save=_save_cancel,
        may_see=_may_see,
        veil=_veil,
    )


def _title(*, viewer: Viewer, about: str) -> str:
    step = _found(viewer, about)
    return queries.title_of(step) if step else "A piece of work"


def _answered(*, viewer: Viewer, about: str) -> Current | None:
    step = _found(viewer, about)
    if step is None:
        return None
    last = step.sign_offs.order_by("-at", "-pk").first()
    return Current(
        step.version,
        (
            Answer("answer", "The answer", last.answer if last else "", words=SAID),
            Answer("comment", "The comment", step.veil.over(last.comment) if last else "", long=True),
        ),
        queries.page_of(step),
        by=last.by.name if last else "",
        at=last.at if last else None,
    )


def _save_answer(*, viewer: Viewer, about: str, values: Values, at: datetime) -> str:
    step = _one(viewer, about)
    if values["answer"] not in ("signed", "returned"):
        raise KithError("Choose whether to sign it or to return it.")
    signed, by = values["answer"] == "signed", Worker.objects.get(pk=viewer.worker)
    actions.answer(step=step, version=step.version, by=by, signed=signed, at=at, comment=values["comment"])
    return queries.page_of(step)


def _cancelled(*, viewer: Viewer, about: str) -> Current | None:
    step = _found(viewer, about)
    if step is None:
        return None
    why = Answer("why", "Why it did not go ahead, or should not be here", step.cancelled_why, long=True)
    return Current(step.version, (why,), queries.page_of(step))


def _save_cancel(*, viewer: Viewer, about: str, values: Values, at: datetime) -> str:
    step, by = _one(viewer, about), Worker.objects.get(pk=viewer.worker)
    if not queries.may_cancel(viewer, step):
        raise KithError("You may not cancel this.", mend="Ask whoever recorded it, or a manager.")
    actions.cancel(step=step, version=step.version, by=by, on=timezone.localdate(at), why=values["why"])
    return queries.page_of(step)


def _may_see(*, viewer: Viewer, about: str) -> bool:
    return _found(viewer, about) is not None


def _veil(*, viewer: Viewer, about: str) -> Callable[[str], str]:
    step = _found(viewer, about)
    return step.veil.over if step else str


def _one(viewer: Viewer, about: str) -> Step:
    found = _found(viewer, about)
    if found is None:
        raise KithError("This is not open to you.")
    return found


def _found(viewer: Viewer, about: str) -> Step | None:
    """The step, for somebody who may read all of it."""
    pk = whole_number(about)
    if pk is None:
        return None
    try:
        step = queries.one(viewer, pk=pk)
    except queries.NoSuchStep:
        return None
    return None if queries.in_part(viewer, [step.pk]) else step
