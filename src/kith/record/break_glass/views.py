"""Opening a record in an emergency, and looking at those that were."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from kith.foundation.access.door import opens_to
from kith.foundation.access.policy import policy
from kith.foundation.access.viewer import worker_of
from kith.foundation.history.actions import listed
from kith.foundation.screens.lists import page_asked_for
from kith.record.people.access import known_to
from kith.record.people.models import Person
from kith.vocabulary.errors import KithError

from . import actions, queries
from .forms import ExactForm, ReasonForm, ReviewForm

NOTHING = "Nothing was opened. Nobody of that name and date of birth has a record that opens in this way."


@opens_to("break_glass", again=True)
@require_http_methods(["GET", "POST"])
def open_record(request: Any, pk: int) -> HttpResponse:
    """Why this record must open now; then it does, for an hour."""
    person = get_object_or_404(known_to(request.viewer), pk=pk, is_child=True)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _opened(request, person, form):
        return redirect("chronology:child", pk)
    listed(people=[pk], page="emergency")  # the page says the name, whether or not the record is then opened
    context = {"form": form, "person": person, "rules": policy().emergency}
    return render(request, "break_glass/open.html", context)


@opens_to("break_glass", again=True)
@require_http_methods(["GET", "POST"])
def not_found_by_search(request: Any) -> HttpResponse:
    """A record that a search does not show, asked for by exact name and date of birth."""
    form = ExactForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        asked = {name: form.cleaned_data[name] for name in ("forename", "surname", "born_on")}
        person = queries.exactly_named(request.viewer, **asked)
        if person is None:
            form.add_error(None, NOTHING)
        elif _opened(request, person, form):
            return redirect("chronology:child", person.pk)
    return render(request, "break_glass/exact.html", {"form": form, "rules": policy().emergency})


def _opened(request: Any, person: Person, form: ReasonForm) -> bool:
    try:
        actions.open_in_emergency(
            person=person, viewer=request.viewer, reason=form.cleaned_data["reason"], at=timezone.now()
        )
    except actions.CannotOpen:
        form.add_error(None, NOTHING)
        return False
    except KithError as error:
        form.add_error("reason", error.sentence)
        return False
    return True


@opens_to("review_openings")
@require_GET
def to_look_at(request: Any) -> HttpResponse:
    """The openings that wait for this manager, the longest due first."""
    rows = queries.waiting(request.viewer, on=timezone.localdate())
    pages = page_asked_for(path=request.path, filters={}, count=rows.count(), asked=request.GET.get("page"))
    lines = queries.lines(request.viewer, rows[pages.rows])
    context = {"lines": lines, "pages": pages, "today": timezone.localdate()}
    return render(request, "break_glass/to_look_at.html", context)


@opens_to("review_openings")
@require_http_methods(["GET", "POST"])
def look(request: Any, pk: int) -> HttpResponse:
    """One opening: who, why, what was read; and what the manager thinks of it."""
    found = queries.one(request.viewer, pk, on=timezone.localdate())
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _reviewed(request, found, form):
        return redirect("break_glass:list")
    context = {
        "form": form,
        "row": found,
        "child": queries.name_for(request.viewer, found),
        "pages": queries.pages_opened(found),
        "findings": actions.FINDINGS,
        "today": timezone.localdate(),
    }
    return render(request, "break_glass/look.html", context)


def _reviewed(request: Any, found: Any, form: ReviewForm) -> bool:
    given = {name: form.cleaned_data[name] for name in ("finding", "comment")}
    me = worker_of(request.viewer)
    try:
        actions.review(emergency=found, by=me, at=timezone.now(), **given)
    except KithError as error:
        form.add_error("comment", error.sentence)
        return False
    messages.success(request, "What you found is kept.")
    return True
