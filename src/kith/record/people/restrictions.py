"""The page that puts restrictions on a person's record, names who may open it all the same, and ends them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from kith.foundation.access.door import opens_to
from kith.foundation.access.viewer import worker_of
from kith.vocabulary.errors import KithError
from kith.vocabulary.texts import whole_number

from . import queries, restricting
from .forms import EndForm, NameForm, RestrictForm
from .models import Person
from .opening import note_opening
from .queries import NotFound
from .shields import withheld_among
from .standing import forget

WORDS = {
    **restricting.LEVELS,
    "R3": "Sealed by an adoption: hidden from all",
    "R5": "Kept apart: hidden from all but those named",
}


@opens_to("keep_restrictions")
@require_GET
def restrictions(request: Any, pk: int) -> HttpResponse:
    """Which restrictions this record has and had, and who is named for it."""
    return _page(request, _person(request, pk))


@opens_to("keep_restrictions", again=True)
@require_POST
def put(request: Any, pk: int) -> HttpResponse:
    """Put a restriction on the record."""
    person, form = _person(request, pk), RestrictForm(request.POST)
    if not form.is_valid():
        return _page(request, person, putting=form)
    given = form.cleaned_data
    try:
        restricting.restrict(
            person=person,
            level=given["level"],
            reason=given["reason"],
            named=given["named"],
            home=form.home if given["level"] == "R2" else None,
            by=worker_of(request.viewer),
            on=timezone.localdate(),
        )
    except KithError as error:
        return _page(request, person, putting=form, problem=error.sentence)
    messages.success(request, "The record is restricted from now on. What it was before stays in its history.")
    return _back(request, person)


@opens_to("keep_restrictions", again=True)
@require_POST
def end(request: Any, pk: int) -> HttpResponse:
    """End a restriction, with the reason."""
    person, form = _person(request, pk), EndForm(request.POST, auto_id="end_%s")
    if not form.is_valid():
        return _page(request, person, ending=form)
    found = [row for row in queries.restrictions_of(person) if row.pk == form.cleaned_data["restriction"]]
    if not found:
        raise Http404("restriction")
    try:
        restricting.end(restriction=found[0], why=form.cleaned_data["why"], on=timezone.localdate())
    except KithError as error:
        return _page(request, person, ending=form, problem=error.sentence)
    messages.success(request, "The restriction has ended. It stays in the record, with your reason.")
    return _back(request, person)


@opens_to("keep_restrictions", again=True)
@require_POST
def name(request: Any, pk: int) -> HttpResponse:
    """Name one more worker."""
    person, form = _person(request, pk), NameForm(request.POST, auto_id="name_%s")
    if not form.is_valid():
        return _page(request, person, naming=form)
    worker = form.cleaned_data["worker"]
    try:
        restricting.name(person=person, worker=worker, by=worker_of(request.viewer))
    except KithError as error:
        return _page(request, person, naming=form, problem=error.sentence)
    messages.success(request, f"{worker.name} is named for this record.")
    return _back(request, person)


@opens_to("keep_restrictions", again=True)
@require_POST
def unname(request: Any, pk: int) -> HttpResponse:
    """Take a worker's name off."""
    person = _person(request, pk)
    found = queries.named_for(person).filter(pk=whole_number(request.POST.get("named", ""))).first()
    if found is None:
        raise Http404("named")
    try:
        restricting.unname(named=found, on=timezone.localdate())
    except KithError as error:
        return _page(request, person, problem=f"{error.sentence} {error.mend}")
    messages.success(request, f"{found.worker.name} is not named for this record any more.")
    return _back(request, person)


def _person(request: Any, pk: int) -> Person:
    return queries.person_for(request.viewer, pk)


def _page(request: Any, person: Person, problem: str = "", **forms: Any) -> HttpResponse:
    note_opening(request, person, page="restrictions")
    rows = queries.restrictions_of(person)
    here = {
        "person": person,
        "rows": [(row, WORDS.get(row.level, row.level)) for row in rows],
        "lasting": restricting.LASTING,
        "in_force": [row for row in rows if row.ended_on is None],
        "named": queries.named_for(person),
        "addresses": queries.addresses_for(request.viewer, person),
        "withheld": bool(withheld_among(request.viewer, [person.pk])),
        "putting": RestrictForm(),
        "ending": EndForm(auto_id="end_%s"),
        "naming": NameForm(auto_id="name_%s"),
        "problem": problem,
    }
    return render(request, "people/restrictions.html", here | forms)


def _back(request: Any, person: Person) -> HttpResponse:
    """The page again; or Today, where the record is hidden now from the one who has just hidden it."""
    forget(request.viewer)
    try:
        queries.person_for(request.viewer, person.pk)
    except NotFound:
        return redirect("/")
    return redirect("people:restrictions", person.pk)
