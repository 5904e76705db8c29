"""Pages of a strategy meeting: calling one, writing in it while it is open, closing it, reading it afterwards."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kith.foundation.access.door import KithRequest, opens_to
from kith.foundation.access.models import Worker
from kith.foundation.access.viewer import worker_of
from kith.foundation.drafts import actions as drafts
from kith.foundation.drafts.presenters import Drafting
from kith.foundation.drafts.queries import draft_of
from kith.foundation.drafts.writing import clash_over, keep_unsaved
from kith.foundation.history.actions import listed
from kith.foundation.screens import asked
from kith.foundation.screens.forms import as_posted
from kith.foundation.screens.words import nice_date
from kith.record.meetings import actions as meetings
from kith.record.meetings.forms import AdditionForm, one_more
from kith.record.people.models import Person
from kith.record.people.opening import note_opening
from kith.record.promises.owners import likely_owners
from kith.record.steps.actions import NotReady, cancel
from kith.record.steps.clashes import CANCEL
from kith.vocabulary.errors import KithError

from . import actions, clashes, presenters, queries
from .forms import CancelForm, CirculatedForm, ConveneForm, MeetingForms
from .queries import Meeting


@opens_to("see_child")
@require_GET
def meetings_list(request: KithRequest) -> HttpResponse:
    """The list of strategy meetings is the list of any kind of work."""
    return redirect("/work/strategy_meeting/")


@opens_to("hold_meeting")
@require_http_methods(["GET", "POST"])
def new(request: KithRequest) -> HttpResponse:
    """Call a meeting about a child, and the brothers and sisters it is about too."""
    choose = queries.children_to_choose(request.viewer, asked.number(request.GET, "child") or 0)
    drafting = _drafting(
        request, f"child:{choose[0].pk}", f"Strategy meeting about {choose[0].name}", request.get_full_path()
    )
    given: dict[str, Any] = {
        "choose": choose,
        "teams": list(zip(request.viewer.teams, request.viewer.team_names, strict=True)),
        "today": timezone.localdate(),
    }
    if request.method == "POST":
        form = ConveneForm(request.POST, **given)
        if form.is_valid():
            return _convened(request, form, choose, drafting)
        keep_unsaved(request, form=drafting.form, about=drafting.about)
    elif drafting.draft:
        form = ConveneForm.with_unsent(drafting.draft.body, **given)
    else:
        form = ConveneForm(initial={"children": [str(choose[0].pk)]}, **given)
    _note(request, choose[:1], "new strategy meeting")
    listed(people=[child.pk for child in choose], page="new strategy meeting")
    context = {"form": form, "child": choose[0], "drafting": drafting}
    return render(request, "protection/new.html", context)


def _convened(request: KithRequest, form: ConveneForm, choose: list[Person], drafting: Drafting) -> HttpResponse:
    given = form.cleaned_data
    step = actions.convene(
        children=[child for child in choose if str(child.pk) in given["children"]],
        reason=given["reason"],
        asked_on=given["asked_on"],
        asked_at=form.asked,
        planned_on=given["planned_on"],
        planned_at=form.planned,
        agencies=given["agencies"],
        by=worker_of(request.viewer),
        team=int(given["team"]) if given["team"] else None,
    )
    drafts.drop(author=request.viewer.worker, form=drafting.form, about=drafting.about)
    messages.success(
        request, "The meeting is called. Write in it here; it stays open until every child has a decision."
    )
    return redirect("protection:meeting", pk=step.pk)


@opens_to("see_child")
@require_GET
def meeting(request: KithRequest, pk: int) -> HttpResponse:
    """One meeting: to be written in while it is open, to be read afterwards."""
    found = queries.meeting(request.viewer, pk)
    _note(request, found.children, "strategy meeting")
    return _page(request, found)


def _page(request: KithRequest, found: Meeting, forms: MeetingForms | None = None, **more: Any) -> HttpResponse:
    """The page, with its forms filled from what is saved, from unsent text, or from what was just sent."""
    whole = not found.in_part and not found.veiled
    writable = found.open and whole and request.viewer.may("hold_meeting")
    back = reverse("protection:meeting", args=[found.step.pk])
    drafting = _drafting(request, clashes.about(found.step.pk), presenters.title(found), back)
    if writable and forms is None:
        unsent = as_posted(drafting.draft.body) if drafting.draft else None
        forms = MeetingForms(found, workers=_owners(request, found), data=unsent, quiet=unsent is not None)
    context: dict[str, Any] = {
        "found": found,
        "step": found.step,
        "parts": found.parts,
        "detail": found.detail,
        "page": presenters.page(found, viewer=request.viewer, on=timezone.localdate()),
        "forms": forms if writable else None,
        "drafting": drafting,
        "adding": AdditionForm(children=found.children, auto_id="add_%s"),
        "sent": CirculatedForm(auto_id="sent_%s"),
        "cancelling": CancelForm(auto_id="cancel_%s", initial={"version": found.step.version}),
        "may_write": request.viewer.may("hold_meeting") and whole,
        "problems": [],
    }
    return render(request, "protection/meeting.html", context | more)


@opens_to("hold_meeting")
@require_http_methods(["GET", "POST"])
def save(request: KithRequest, pk: int) -> HttpResponse:
    """Save what is written so far; and close the meeting, where that was asked."""
    found = _writable(request, pk)
    if request.method == "GET":
        return redirect("protection:meeting", pk=pk)
    if not found.open:
        return _closed_meanwhile(request, found)
    owners = _owners(request, found)
    if request.POST.get("more") in ("people", "promises"):
        data = one_more(request.POST, request.POST["more"])
        return _page(request, found, MeetingForms(found, workers=owners, data=data, quiet=True))
    forms = MeetingForms(found, workers=owners, data=request.POST)
    if not forms.is_valid():
        keep_unsaved(request, form=clashes.FORM, about=clashes.about(pk))
        return _page(request, found, forms)
    try:
        with transaction.atomic():
            return _saved(request, found, forms)
    except KithError as error:
        keep_unsaved(request, form=clashes.FORM, about=clashes.about(pk))
        return _page(request, found, forms, problems=[str(error)])


def _saved(request: KithRequest, found: Meeting, forms: MeetingForms) -> HttpResponse:
    """New people and promises are added whatever happened meanwhile; the rest only over the version opened."""
    step, me, now = found.step, worker_of(request.viewer), timezone.now()
    for row in forms.new_people:
        meetings.invite(step=step, asked=row.asked, came=row.known, by=me, invited=found.step.happened_on is None)
    on = forms.words.held_on or timezone.localdate()
    made = actions.promised(step=step, by=me, on=on, made=forms.promised)
    version = forms.head.cleaned_data["version"]
    about = clashes.about(step.pk)
    if clash := clash_over(request, step, form=clashes.FORM, about=about, version=version):
        return clash
    actions.save(step=step, version=version, by=me, words=forms.words, now=now)
    drafts.drop(author=me.pk, form=clashes.FORM, about=about)
    if "close" in request.POST:
        return _close(request, step.pk, me)
    messages.success(
        request, f"Saved{f', with {made} new promises' if made > 1 else ', with a new promise' if made else ''}."
    )
    return redirect("protection:meeting", pk=step.pk)


def _close(request: KithRequest, pk: int, me: Worker) -> HttpResponse:
    """Close it, or say child by child what is missing: what was written is saved either way."""
    found = queries.meeting(request.viewer, pk)
    try:
        actions.close(step=found.step, by=me, at=timezone.now(), may_see=[child.pk for child in found.children])
    except NotReady as error:
        return _page(request, found, problems=[str(error)])
    messages.success(request, f"Closed. Its decisions were recorded {nice_date(timezone.localdate())}.")
    return redirect("protection:meeting", pk=pk)


def _closed_meanwhile(request: KithRequest, found: Meeting) -> HttpResponse:
    """The meeting was closed while somebody wrote: the text is kept as a draft, and the page says where."""
    keep_unsaved(request, form=clashes.FORM, about=clashes.about(found.step.pk))
    words = "This meeting was closed while you were writing. Your text is in My drafts."
    messages.warning(request, f"{words} Add what is needed at the foot of this page.")
    return redirect("protection:meeting", pk=found.step.pk)


@opens_to("hold_meeting")
@require_POST
def add(request: KithRequest, pk: int) -> HttpResponse:
    """Add to a closed meeting: the only way to correct one."""
    found = _writable(request, pk)
    form = AdditionForm(request.POST, children=found.children, auto_id="add_%s")
    if not form.is_valid():
        return _page(request, found, adding=form, problems=[*(text for each in form.errors.values() for text in each)])
    about = next((child for child in found.children if str(child.pk) == form.cleaned_data["about"]), None)
    try:
        meetings.add(step=found.step, by=worker_of(request.viewer), words=form.cleaned_data["words"], person=about)
    except KithError as error:
        return _page(request, found, adding=form, problems=[str(error)])
    messages.success(request, "Added. What was written before stays as it was.")
    return redirect("protection:meeting", pk=pk)


@opens_to("hold_meeting")
@require_POST
def circulated(request: KithRequest, pk: int) -> HttpResponse:
    """Note the day the decisions were sent to everybody who was asked."""
    found = _writable(request, pk)
    form = CirculatedForm(request.POST, auto_id="sent_%s")
    if not form.is_valid():
        return _page(request, found, sent=form, problems=[*(text for each in form.errors.values() for text in each)])
    try:
        actions.circulated(step=found.step, on=form.cleaned_data["circulated_on"], today=timezone.localdate())
    except KithError as error:
        return _page(request, found, sent=form, problems=[str(error)])
    messages.success(request, "Saved.")
    return redirect("protection:meeting", pk=pk)


@opens_to("hold_meeting")
@require_POST
def not_held(request: KithRequest, pk: int) -> HttpResponse:
    """Say that the meeting did not go ahead, and why."""
    found = _writable(request, pk)
    form = CancelForm(request.POST, auto_id="cancel_%s")
    if not form.is_valid():
        return _page(
            request, found, cancelling=form, problems=[*(text for each in form.errors.values() for text in each)]
        )
    version = form.cleaned_data["version"]
    if clash := clash_over(request, found.step, form=CANCEL, about=str(pk), version=version):
        return clash
    given: dict[str, Any] = {"why": form.cleaned_data["why"], "version": found.step.version}
    try:
        meetings.check_open(found.step)
        cancel(step=found.step, by=worker_of(request.viewer), on=timezone.localdate(), **given)
    except KithError as error:
        return _page(request, found, cancelling=form, problems=[str(error)])
    messages.success(request, "Saved: this meeting did not go ahead.")
    return redirect("protection:meeting", pk=pk)


def _writable(request: KithRequest, pk: int) -> Meeting:
    """The meeting, for somebody who may read all of it: nobody writes beside what they may not read."""
    found = queries.meeting(request.viewer, pk)
    if found.in_part or found.veiled:
        raise PermissionDenied("meeting")
    _note(request, found.children, "strategy meeting")
    return found


def _owners(request: KithRequest, found: Meeting) -> list[Worker]:
    return likely_owners(request.viewer, found.children)


def _drafting(request: KithRequest, about: str, title: str, back: str) -> Drafting:
    draft = draft_of(viewer=request.viewer, form=clashes.FORM, about=about)
    return Drafting(form=clashes.FORM, about=about, title=title, back=back, draft=draft)


def _note(request: KithRequest, children: list[Person], page: str) -> None:
    """Opening a meeting opens the record of each child shown in it."""
    for child in children:
        note_opening(request, child, page=page)
