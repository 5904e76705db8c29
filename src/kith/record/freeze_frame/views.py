"""A child's page as it was known on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kith.foundation.access.door import opens_to
from kith.record.chronology.presenters import child_page
from kith.record.chronology.queries import child_for
from kith.record.chronology.story import events_of
from kith.record.people.opening import note_opening

from . import queries
from .forms import DayForm

ALL = 10_000  # lines: the whole file is on one page


@opens_to("see_history")
@require_GET
def as_known(request: Any, pk: int) -> HttpResponse:
    """The whole of a child's page as it was known at the end of a day; without a day, asks for one."""
    child = child_for(request.viewer, pk)
    asked = any(name.startswith("on") for name in request.GET)
    form = DayForm(request.GET if asked else None)
    day = form.cleaned_data["on"] if asked and form.is_valid() else None
    found = queries.frame(request.viewer, pk, on=day, few=ALL) if day else None
    others = [each.pk for each in found.reads.people] if found else []
    note_opening(request, child, page=f"as known on {day}" if day else "as known", shown=others)
    here = {"form": form, "child": child, "day": day, "viewer": request.viewer}
    if found is None or day is None:
        return render(request, "freeze_frame/ask.html", here)
    return render(request, "freeze_frame/as_known.html", here | _shown(request, found, day))


def _shown(request: Any, found: queries.Frame, day: date) -> dict[str, Any]:
    """The page in words. Nothing can be done from it, and no line leads to a counting that is not of then."""
    page = child_page(found.reads, viewer=request.viewer, on=day, looked=[], few=ALL)
    due = replace(page.due, shown=[replace(line, why_url="") for line in page.due.shown])
    page = replace(page, header=replace(page.header, actions=[]), due=due)
    return {"page": page, "today": day, "whole": True, "entries": events_of(found.reads), "texts": found.texts}
