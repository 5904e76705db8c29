"""The page that says who was given access to one record, for what and for how long; gives it, and ends it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from kith.foundation.access.door import opens_to
from kith.foundation.access.policy import policy
from kith.foundation.access.viewer import worker_of
from kith.vocabulary.errors import KithError
from kith.vocabulary.texts import whole_number

from . import grants, queries
from .forms import GrantForm
from .models import Person
from .opening import note_opening


@opens_to("give_access")
@require_GET
def access(request: Any, pk: int) -> HttpResponse:
    """Who has, or had, access to this record that was given to them."""
    return _page(request, queries.person_for(request.viewer, pk), GrantForm())


@opens_to("give_access", again=True)
@require_POST
def give(request: Any, pk: int) -> HttpResponse:
    """Give one worker access, from now until the end of a day."""
    person, form = queries.person_for(request.viewer, pk), GrantForm(request.POST)
    if not form.is_valid():
        return _page(request, person, form)
    given, now = form.cleaned_data, timezone.now()
    try:
        grants.give(
            person=person,
            worker=given["worker"],
            ground=given["ground"],
            purpose=given["purpose"],
            reference=given["reference"],
            by=worker_of(request.viewer),
            starts_at=now,
            ends_at=_end_of(given["until"]),
        )
    except KithError as error:
        form.add_error(None, f"{error.sentence} {error.mend}")
        return _page(request, person, form)
    messages.success(request, f"{given['worker'].name} has access. What they open is in the history, with the purpose.")
    return redirect("people:access", pk)


@opens_to("give_access", again=True)
@require_POST
def end(request: Any, pk: int) -> HttpResponse:
    """End access before its time."""
    person = queries.person_for(request.viewer, pk)
    found = grants.grants_of(person).filter(pk=whole_number(request.POST.get("grant", ""))).first()
    if found is None:
        raise Http404("grant")
    try:
        grants.end(grant=found, by=worker_of(request.viewer), at=timezone.now())
    except KithError as error:
        messages.error(request, f"{error.sentence} {error.mend}")
    else:
        messages.success(request, f"{found.worker.name} has no access to this record any more.")
    return redirect("people:access", pk)


def _page(request: Any, person: Person, form: GrantForm) -> HttpResponse:
    note_opening(request, person, page="access")
    now, rows = timezone.now(), list(grants.grants_of(person))
    titles = {key: row["title"] for key, row in policy().grants.items()}
    lines = [
        {
            "row": each,
            "title": titles.get(each.ground, policy().relationships.get(each.ground, each.ground).capitalize()),
            "open": each.ended_at is None and each.ends_at > now,
        }
        for each in rows
    ]
    return render(request, "people/access.html", {"person": person, "form": form, "lines": lines})


def _end_of(day: Any) -> datetime:
    """The end of that day, and not a moment more than the longest time allowed from now."""
    return timezone.make_aware(datetime.combine(day, time(23, 59))) + timedelta(seconds=59)
