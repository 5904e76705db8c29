"""Choosing what to record of a child, recording it, and changing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from kith.foundation.access.door import opens_to
from kith.foundation.access.viewer import worker_of
from kith.foundation.drafts import actions as drafts
from kith.foundation.drafts.writing import drafting_of, handed_in, keep_unsaved, written_against
from kith.foundation.screens import asked
from kith.record.people.models import Person
from kith.record.people.opening import note_opening
from kith.record.people.queries import kept_for
from kith.record.steps import questions
from kith.record.steps.models import Step
from kith.record.steps.queries import in_part, page_of, title_of
from kith.vocabulary.errors import KithError

from . import actions, presenters
from .clashes import FORM, about_new, form_of, whole
from .forms import PlainForm
from .kinds import PlainKind
from .queries import due_for, followable, work_for
from .told import groups, recorded_kinds


@opens_to("see_child")
@require_GET
def choose(request: Any) -> HttpResponse:
    """What may be recorded of a child, or of a grown-up, group by group."""
    child = _child(request)
    wanted = groups(child.about)
    may = {name: [each for each in kinds if request.viewer.may(each.capability)] for name, kinds in wanted.items()}
    shown = [(name, kinds) for name, kinds in may.items() if kinds]
    due = [(each, day) for each, day in due_for(child) if request.viewer.may(each.capability)]
    if not shown:
        raise PermissionDenied("record_work")
    note_opening(request, child, page="record-work")
    return render(request, "plain_work/choose.html", {"child": child, "groups": shown, "due": due})


@opens_to("see_child")
@require_http_methods(["GET", "POST"])
def new(request: Any, key: str) -> HttpResponse:
    """Record one piece of plain work for one child, or of one grown-up."""
    of, child = _kind(request, key), _child(request)
    if of.about != child.about:
        raise Http404
    about, version = about_new(of.key, child.pk), questions.in_force(kind=of.key, on=timezone.localdate())
    drafting = drafting_of(request, form=FORM, about=about, title=f"{of.name}, {child.name}")
    given: dict[str, Any] = {"of": of, "follow": followable(request.viewer, child, of), "questions": version}
    form = PlainForm.with_unsent(drafting.draft.body, **given) if drafting.draft else PlainForm(**given)
    refused = None
    if request.method == "POST":
        form = PlainForm(request.POST, **given)
        if form.is_valid():
            try:
                return _recorded(request, of, child, form, about)
            except KithError as error:
                refused = error
        keep_unsaved(request, form=FORM, about=about)
    note_opening(request, child, page="record-work/new")
    here = {"form": form, "of": of, "child": child, "drafting": drafting, "refused": refused, "step": None}
    return render(request, "plain_work/form.html", here)


def _recorded(request: Any, of: PlainKind, child: Person, form: PlainForm, about: str) -> HttpResponse:
    team = request.viewer.teams[-1] if request.viewer.teams else None
    step = actions.record(of=of, child=child, told=form.told(), by=worker_of(request.viewer), team=team)
    drafts.drop(author=request.viewer.worker, form=FORM, about=about)
    messages.success(request, presenters.said_when_saved(of, child, step))
    return redirect("steps:page", key=of.key, pk=step.pk)


@opens_to("see_child")
@require_http_methods(["GET", "POST"])
def change(request: Any, pk: int) -> HttpResponse:
    """Change one. When somebody else saved it meanwhile, both texts are kept and shown side by side."""
    step = _work(request, pk)
    (part,) = step.shown_parts
    drafting = drafting_of(request, form=FORM, about=str(pk), title=title_of(step))
    refused, form = None, form_of(request.viewer, step, unsent=drafting.draft.body if drafting.draft else None)
    if request.method == "POST":
        form = form_of(request.viewer, step, request.POST)
        answer, refused = handed_in(request, step, form, form=FORM, save=lambda: _changed(request, step, form))
        if answer:
            return answer
    note_opening(request, part.person, page="record-work/change")
    here = {"form": form, "of": form.of, "child": part.person, "drafting": drafting, "refused": refused, "step": step}
    return render(request, "plain_work/form.html", here | {"version": written_against(request, step, drafting)})


def _changed(request: Any, step: Step, form: PlainForm) -> HttpResponse:
    told, (part,) = form.told(), step.shown_parts
    saved = actions.change(of=form.of, step=step, version=step.version, told=told, by=worker_of(request.viewer))
    drafts.drop(author=request.viewer.worker, form=FORM, about=str(step.pk))
    messages.success(request, presenters.said_when_saved(form.of, part.person, saved))
    return redirect(page_of(step))


def _work(request: Any, pk: int) -> Step:
    """The work, for somebody who may read all of it and may record its kind."""
    step = work_for(request.viewer, pk)
    if step is None or step.cancelled_on:
        raise Http404
    _let_in(request, recorded_kinds()[step.kind])
    if in_part(request.viewer, [step.pk]) or whole(request.viewer, str(pk)) is None:
        raise PermissionDenied(step.kind)
    return step


def _kind(request: Any, key: str) -> PlainKind:
    if key not in recorded_kinds():
        raise Http404
    of = recorded_kinds()[key]
    _let_in(request, of)
    return of.before_signature() if of.signed else of


def _let_in(request: Any, of: PlainKind) -> None:
    if not request.viewer.may(of.capability):
        raise PermissionDenied(of.capability)


def _child(request: Any) -> Person:
    """Whoever was asked for; one who may not be known of is as one who does not exist."""
    wanted = asked.number(request.GET, "child") or 0
    found = kept_for(request.viewer, only={wanted}).filter(pk=wanted).first()
    if found is None:
        raise Http404
    return found
