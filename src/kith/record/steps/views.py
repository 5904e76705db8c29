"""The pages of any kind of work: its list, its page, its print, and what may be done to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from kith.foundation.access.door import opens_to
from kith.foundation.access.models import Worker
from kith.foundation.access.queries import teams, workers_of
from kith.foundation.access.viewer import worker_of
from kith.foundation.drafts.writing import clash_over
from kith.foundation.screens.asked import number
from kith.foundation.screens.lists import page_asked_for
from kith.record.people.opening import note_opening
from kith.vocabulary.errors import KithError

from . import actions, presenters, queries
from .clashes import ANSWER, CANCEL
from .filters import STATES, WorkFilter
from .forms import AnswerForm, BetweenForm, CancelForm, WorkForm, as_shown
from .kinds import all_kinds, kind
from .models import Step


@opens_to("see_child")
@require_GET
def listed(request: Any, key: str = "") -> HttpResponse:
    """The work asked for, a page at a time, and how much there is in all. `key` is the kind; empty is every kind."""
    if chosen := request.GET.get("kind", ""):
        key = chosen
    if key and key not in {each.key for each in all_kinds()}:
        raise Http404
    asked = WorkFilter.read(request.GET, kind=key)
    rows = queries.listed(request.viewer, asked)
    pages = page_asked_for(path=asked.path, filters=asked.address(), count=rows.count(), asked=request.GET.get("page"))
    here = {
        "asked": asked,
        "pages": pages,
        "lines": [presenters.line(each) for each in rows[pages.rows]],
        "form": _form(asked),
        "between": BetweenForm(initial={"since": asked.since, "until": asked.until}),
        "title": kind(key).plural if key else "Work",
        "which": STATES.get(asked.state, "All"),
    }
    return render(request, "steps/list.html", here)


def _form(asked: WorkFilter) -> WorkForm:
    people = workers_of(team=asked.team, on=timezone.localdate()) if asked.team else []
    shown = [(str(each.pk), each.name) for each in people]
    if asked.worker and str(asked.worker) not in dict(shown):
        shown += [(str(each.pk), each.name) for each in Worker.objects.filter(pk=asked.worker)]
    return WorkForm(initial=as_shown(asked), teams=[(str(each.pk), each.name) for each in teams()], workers=shown)


@opens_to("see_child")
@require_GET
def page(request: Any, key: str, pk: int) -> HttpResponse:
    """One step. Opening it opens the record of every child shown in it, and the history says so."""
    return _page(request, _found(request, key, pk))


@opens_to("see_child")
@require_GET
def printed(request: Any, key: str, pk: int) -> HttpResponse:
    """One step, to be printed."""
    return _page(request, _found(request, key, pk), template="print")


@opens_to("see_child")
@require_POST
def complete(request: Any, key: str, pk: int) -> HttpResponse:
    """Close it, or send it for sign-off where its kind asks for that."""
    step = _writable(request, key, pk)
    _let_in(request, key)
    words = "Sent for sign-off." if kind(key).needs_sign_off else "Finished."
    seen = number(request.POST, "version") or 0
    return _done(request, step, lambda by: actions.complete(step=step, version=seen, by=by, at=timezone.now()), words)


@opens_to("sign_off")
@require_POST
def answer(request: Any, key: str, pk: int) -> HttpResponse:
    """Sign it off, or return it with a comment."""
    step, form = _writable(request, key, pk), AnswerForm(request.POST, auto_id="answer_%s")
    if not form.is_valid():
        return _page(request, step, answering=form)
    signed, comment = form.cleaned_data["answer"] == "signed", form.cleaned_data["comment"]
    words = "Signed off." if signed else "Returned with your comment."
    seen = number(request.POST, "version")
    if clash := clash_over(request, step, form=ANSWER, about=str(pk), version=seen):
        return clash
    given: dict[str, Any] = {"signed": signed, "comment": comment, "at": timezone.now(), "version": step.version}
    return _done(request, step, lambda by: actions.answer(step=step, by=by, **given), words)


@opens_to("see_child")
@require_POST
def cancel(request: Any, key: str, pk: int) -> HttpResponse:
    """Say that it did not go ahead, or was recorded in error."""
    step, form = _writable(request, key, pk), CancelForm(request.POST, auto_id="cancel_%s")
    _let_in(request, key)
    if not form.is_valid():
        return _page(request, step, cancelling=form)
    if not queries.may_cancel(request.viewer, step):
        raise PermissionDenied("cancel")
    seen = number(request.POST, "version")
    if clash := clash_over(request, step, form=CANCEL, about=str(pk), version=seen):
        return clash
    given: dict[str, Any] = {"why": form.cleaned_data["why"], "on": timezone.localdate(), "version": step.version}
    return _done(request, step, lambda by: actions.cancel(step=step, by=by, **given), "Cancelled.")


def _found(request: Any, key: str, pk: int) -> Step:
    try:
        return queries.one(request.viewer, pk=pk, key=key)
    except queries.NoSuchStep as none:
        raise Http404 from none


def _writable(request: Any, key: str, pk: int) -> Step:
    """The step, for somebody who may read all of it: nobody writes beside what they may not read."""
    step = _found(request, key, pk)
    if queries.in_part(request.viewer, [pk]):
        raise PermissionDenied(key)
    return step


def _let_in(request: Any, key: str) -> None:
    of = kind(key)
    if not of.capability or not request.viewer.may(of.capability):
        raise PermissionDenied(of.capability)


def _done(request: Any, step: Step, act: Callable[[Worker], object], words: str) -> HttpResponse:
    """Act, and say so; a refusal is said on the step's own page, in its own words."""
    try:
        act(worker_of(request.viewer))
    except KithError as refused:
        return _page(request, queries.one(request.viewer, pk=step.pk), refused=refused)
    messages.success(request, words)
    return redirect("steps:page", key=step.kind, pk=step.pk)


def _page(request: Any, step: Step, *, template: str = "step", **more: Any) -> HttpResponse:
    for part in step.shown_parts:
        note_opening(request, part.person, page=f"work/{step.kind}")
    shown = presenters.page(queries.with_details(step), viewer=request.viewer, on=timezone.localdate())
    first = {"version": step.version}
    forms = {
        "answering": AnswerForm(initial=first, auto_id="answer_%s"),
        "cancelling": CancelForm(initial=first, auto_id="cancel_%s"),
    }
    detail = None if shown.in_part else step.detail
    here = {"page": shown, "step": step, "parts": step.shown_parts, "detail": detail, "now": timezone.now()}
    return render(request, f"steps/{template}.html", here | forms | more, status=200)
