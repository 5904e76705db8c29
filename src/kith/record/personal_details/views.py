"""Changing what is held of somebody themselves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kith.foundation.access.door import opens_to
from kith.foundation.access.viewer import worker_of
from kith.foundation.drafts import actions as drafts
from kith.foundation.drafts.writing import drafting_of, handed_in, written_against
from kith.record.people.models import Person
from kith.record.people.opening import note_opening
from kith.record.people.queries import NotFound
from kith.record.people.shields import places_kept_back

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
    drafting = drafting_of(request, form=FORM, about=str(pk), title=f"The details of {person.name}")
    refused = None
    form = form_of(request.viewer, person)
    if drafting.draft:
        placed = not places_kept_back(request.viewer, pk)
        form = DetailsForm.with_unsent(drafting.draft.body, person=person, placed=placed)  # type: ignore[assignment]
    if request.method == "POST":
        form = form_of(request.viewer, person, request.POST)
        answer, refused = handed_in(request, person, form, form=FORM, save=lambda: _changed(request, person, form))
        if answer:
            return answer
    note_opening(request, person, page="details")
    here = {"form": form, "person": person, "drafting": drafting, "refused": refused}
    return render(request, "personal_details/form.html", here | {"version": written_against(request, person, drafting)})


def _changed(request: Any, person: Person, form: DetailsForm) -> HttpResponse:
    by, on = worker_of(request.viewer), timezone.localdate()
    saved = actions.change(person=person, version=person.version, details=form.details(), by=by, on=on)
    drafts.drop(author=request.viewer.worker, form=FORM, about=str(person.pk))
    messages.success(request, f"The details of {saved.name} are saved. What they were before is kept in the history.")
    return redirect(saved.page)
