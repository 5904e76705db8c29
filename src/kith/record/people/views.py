"""Who is barred from a person's record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kith.foundation.access.door import opens_to
from kith.foundation.access.viewer import worker_of
from kith.vocabulary.errors import KithError
from kith.vocabulary.texts import whole_number

from . import actions, queries, relatives
from .forms import BarForm, RelativeForm
from .models import Person
from .opening import note_opening


@opens_to("keep_restrictions")
@require_http_methods(["GET", "POST"])
def barred(request: Any, pk: int) -> HttpResponse:
    """Who may never see this person, and barring one more."""
    person = queries.person_for(request.viewer, pk)
    note_opening(request, person, page="barred")
    form = BarForm(request.POST if request.method == "POST" and "end" not in request.POST else None)
    if request.method == "POST" and _done(request, person, form):
        return redirect("people:barred", pk)
    return render(request, "people/barred.html", {"person": person, "form": form, "rows": queries.barrings(person)})


def _done(request: Any, person: Person, form: BarForm) -> bool:
    """Bar or unbar, as was asked; false where the form must be shown again."""
    if "end" in request.POST:
        return _ended(request, person)
    if not form.is_valid():
        return False
    me = worker_of(request.viewer)
    try:
        actions.bar(person=person, worker=form.cleaned_data["worker"], reason=form.cleaned_data["reason"], by=me)
    except KithError as error:
        form.add_error("worker", error.sentence)
        return False
    messages.success(request, f"{form.cleaned_data['worker'].name} can no longer find or open this record.")
    return True


def _ended(request: Any, person: Person) -> bool:
    row = queries.barrings(person).filter(pk=whole_number(request.POST["end"])).first()
    if row is not None:
        actions.unbar(barring=row, on=timezone.localdate())
        messages.success(request, f"{row.worker.name} is no longer barred.")
    return True


@opens_to("declare_relatives")
@require_http_methods(["GET", "POST"])
def my_relatives(request: Any) -> HttpResponse:
    """My own relatives: I say who they are, and from then on I find nothing of them."""
    form = RelativeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        relatives.declare(worker=worker_of(request.viewer), **form.cleaned_data)
        messages.success(request, "It is kept. If there is a record, you will not find it, nor that of their family.")
        return redirect("people:relatives")
    rows = relatives.declared_by(request.viewer.worker)
    return render(request, "people/relatives.html", {"form": form, "rows": rows})
