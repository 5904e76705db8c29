"""Recording a visit, and changing one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kith.foundation.access.door import opens_to
from kith.foundation.access.viewer import worker_of
from kith.foundation.drafts import actions as drafts
from kith.foundation.drafts.presenters import Drafting
from kith.foundation.drafts.writing import clash_over, drafting_of, keep_unsaved, written_against
from kith.foundation.history.actions import listed
from kith.foundation.screens import asked
from kith.foundation.screens.words import in_words
from kith.record.people.models import Person
from kith.record.people.opening import note_opening
from kith.record.people.queries import brothers_and_sisters, children_for, opening_of
from kith.record.steps import questions
from kith.record.steps.models import Step
from kith.record.steps.queries import in_part, may_be_written, page_of
from kith.vocabulary.errors import KithError
from kith.vocabulary.texts import whole_number

from . import actions, presenters, queries
from .clashes import FORM, initial_of
from .forms import PartForm, SharedForm, VisitForms
from .plans import code_for, plans_of


@opens_to("record_visit")
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Record a visit: first, if there are brothers and sisters, to whom; then what happened, a part for each child."""
    children = _children(request)
    asks = request.method == "GET" and "chosen" not in request.GET and len(children) == 1
    if asks and (together := list(opening_of(request.viewer, brothers_and_sisters(request.viewer, children[0])))):
        listed(people=[each.pk for each in (*children, *together)], page="visits/new")
        return render(request, "visits/choose.html", {"child": children[0], "together": together})
    about = "new:" + ",".join(str(each.pk) for each in children)
    title = f"Visit to {in_words(each.name for each in children)}"
    drafting = drafting_of(request, form=FORM, about=about, title=title)
    forms = _new_forms(request, children, drafting)
    if request.method == "POST":
        if forms.is_valid():
            try:
                return _save(request, forms, about)
            except actions.NotUnderThatPlan as error:
                forms.refuse(error)
        keep_unsaved(request, form=FORM, about=about)
    for child in children:
        note_opening(request, child, page="visits/new")
    here = {"forms": forms, "children": children, "drafting": drafting, "visit": None}
    return render(request, "visits/form.html", here)


def _children(request: Any) -> list[Person]:
    """Those asked for, in the order of the family; one who may not be known of is as one who does not exist."""
    wanted = {pk for each in request.GET.getlist("child") if (pk := whole_number(each)) is not None}
    found = list(children_for(request.viewer, only=wanted).filter(pk__in=wanted).order_by("born_on", "pk"))
    if not wanted or len(found) != len(wanted):
        raise Http404
    return found


def _new_forms(request: Any, children: list[Person], drafting: Drafting) -> VisitForms:
    today = timezone.localdate()
    asked = questions.in_force(kind="visit", on=today)
    if request.method == "POST":
        shared = SharedForm(request.POST, on=today, questions=asked)
        return VisitForms(shared, [PartForm(request.POST, person=each) for each in children])
    if drafting.draft:
        body = drafting.draft.body
        shared = SharedForm.with_unsent(body, on=today, questions=asked)
        return VisitForms(shared, [PartForm.with_unsent(body, person=each) for each in children])
    plans = plans_of([each.pk for each in children], on=today)
    codes = {each.pk: code_for(plans.get(each.pk, {})) for each in children}
    parts = [PartForm(person=each, initial={"code": codes[each.pk]}) for each in children]
    return VisitForms(SharedForm(on=today, questions=asked, initial={"day": today}), parts)


def _save(request: Any, forms: VisitForms, about: str) -> HttpResponse:
    shared, children = forms.shared, forms.children()
    actions.record_visit(
        children=children,
        happened_at=shared.happened_at,
        where=shared.cleaned_data["where"],
        others=shared.cleaned_data["others"],
        by=request.user.worker,
        team=request.viewer.teams[-1] if request.viewer.teams else None,
        form=shared.questions,
        answers=shared.answers,
    )
    drafts.drop(author=request.viewer.worker, form=FORM, about=about)
    for sentence in presenters.said_when_saved(children):
        messages.success(request, sentence)
    return redirect(f"/children/{children[0].person.pk}/")


@opens_to("record_visit")
@require_http_methods(["GET", "POST"])
def change(request: Any, pk: int) -> HttpResponse:
    """Change a visit. When somebody else saved it meanwhile, both texts are kept and shown side by side."""
    step = _visit(request, pk)
    about = str(step.pk)
    title = f"Visit to {in_words(part.person.name for part in step.shown_parts)}"
    drafting = drafting_of(request, form=FORM, about=about, title=title)
    forms = _changing_forms(request, step, drafting)
    refused = None
    if request.method == "POST" and forms.is_valid():
        version = asked.number(request.POST, "version")
        if clash := clash_over(request, step, form=FORM, about=about, version=version):
            return clash
        try:
            return _save_change(request, step, forms, about)
        except actions.NotUnderThatPlan as error:
            forms.refuse(error)
        except KithError as error:
            refused = error
    if request.method == "POST":
        keep_unsaved(request, form=FORM, about=about)
    for part in step.shown_parts:
        note_opening(request, part.person, page="visits/change")
    children = [part.person for part in step.shown_parts]
    here = {"forms": forms, "children": children, "drafting": drafting, "visit": step, "refused": refused}
    return render(request, "visits/form.html", here | {"version": written_against(request, step, drafting)})


def _visit(request: Any, pk: int) -> Step:
    step = queries.visit_for(request.viewer, pk)
    if step is None or step.cancelled_on:
        raise Http404
    if in_part(request.viewer, [step.pk]) or not may_be_written(step):
        raise PermissionDenied("visit")
    return step


def _changing_forms(request: Any, step: Step, drafting: Drafting) -> VisitForms:
    today, people = timezone.localdate(), [part.person for part in step.shown_parts]
    how = {"on": today, "questions": step.form, "placed": not step.kept_back}
    if request.method == "POST":
        shared = SharedForm(request.POST, **how)
        return VisitForms(shared, [PartForm(request.POST, person=each) for each in people])
    if drafting.draft:
        body = drafting.draft.body
        shared = SharedForm.with_unsent(body, **how)
        return VisitForms(shared, [PartForm.with_unsent(body, person=each) for each in people])
    initial, parts = initial_of(step)
    forms = [PartForm(person=part.person, initial=parts[part.person_id]) for part in step.shown_parts]
    return VisitForms(SharedForm(initial=initial, **how), forms)


def _save_change(request: Any, step: Step, forms: VisitForms, about: str) -> HttpResponse:
    children = forms.children()
    actions.change_visit(
        step=step,
        version=step.version,
        children=children,
        happened_at=forms.shared.happened_at,
        where=forms.shared.cleaned_data.get("where"),
        others=forms.shared.cleaned_data["others"],
        by=worker_of(request.viewer),
        answers=forms.shared.answers,
    )
    drafts.drop(author=request.viewer.worker, form=FORM, about=about)
    for sentence in presenters.said_when_saved(children):
        messages.success(request, sentence)
    return redirect(page_of(step))
