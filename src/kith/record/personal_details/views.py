"""Changing what is held of somebody themselves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kith.foundation.access.door import opens_to
from kith.foundation.access.models import Worker
from kith.foundation.drafts import actions as drafts
from kith.foundation.drafts.presenters import Drafting
from kith.foundation.drafts.queries import draft_of
from kith.record.deadlines.asked import number
from kith.record.people.models import Person
from kith.record.people.opening import note_opening
from kith.record.people.queries import NotFound
from kith.record.people.shields import places_kept_back
from kith.vocabulary.errors import KithError

from . import actions
from .clashes import FORM, form_of
from .forms import DetailsForm
from .queries import person_for


@opens_to("record_work")
@require_http_methods(["GET", "POST"])
def change(request: Any, pk: int) -> HttpResponse:
    """The details of one person. When somebody else saved them meanwhile, both texts are kept, side by side."""
    person = person_for(request.viewer, pk)
    if person is None:
        raise NotFound("person", pk)
    drafting, refused = _drafting(request, person), None
    form = form_of(request.viewer, person)
    if drafting.draft:
        placed = not places_kept_back(request.viewer, pk)
        form = DetailsForm.with_unsent(drafting.draft.body, person=person, placed=placed)  # type: ignore[assignment]
    if request.method == "POST":
        form = form_of(request.viewer, person, request.POST)
        if form.is_valid():
            if clash := _clash(request, person):
                return clash
            try:
                return _changed(request, person, form)
            except KithError as error:
                refused = error
        _keep_unsaved(request, person)
    note_opening(request, person, page="details")
    here = {"form": form, "person": person, "drafting": drafting, "refused": refused}
    return render(request, "personal_details/form.html", here | {"version": _version(request, person, drafting)})


def _changed(request: Any, person: Person, form: DetailsForm) -> HttpResponse:
    by, on = Worker.objects.get(pk=request.viewer.worker), timezone.localdate()
    saved = actions.change(person=person, version=person.version, details=form.details(), by=by, on=on)
    drafts.drop(author=request.viewer.worker, form=FORM, about=str(person.pk))
    messages.success(request, f"The details of {saved.name} are saved. What they were before is kept in the history.")
    return redirect(saved.page)


def _clash(request: Any, person: Person) -> HttpResponse | None:
    found = drafts.check_version(
        viewer=request.viewer,
        form=FORM,
        about=str(person.pk),
        posted_version=number(request.POST, "version") or 0,
        current_version=drafts.version_now(person),
        body=dict(request.POST.lists()),
        at=timezone.now(),
    )
    return redirect("clash", found.pk) if found else None


def _version(request: Any, person: Person, drafting: Drafting) -> object:
    """The version the text was written against: that of the draft or of the form sent, not of what is saved now."""
    if request.method == "POST":
        return request.POST.get("version", person.version)
    return drafting.draft.body.get("version", [person.version])[0] if drafting.draft else person.version


def _drafting(request: Any, person: Person) -> Drafting:
    about = str(person.pk)
    draft = draft_of(viewer=request.viewer, form=FORM, about=about) if request.method == "GET" else None
    return Drafting(FORM, about, f"The details of {person.name}", request.get_full_path(), draft)


def _keep_unsaved(request: Any, person: Person) -> None:
    """What was refused is kept as a draft at once: a page closed on its errors loses nothing."""
    body = drafts.posted_text(request.POST.lists())
    drafts.keep(author=request.viewer.worker, form=FORM, about=str(person.pk), body=body, at=timezone.now())
