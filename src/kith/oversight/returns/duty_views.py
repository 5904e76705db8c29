"""When the authority's own returns are due, and when each was done."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kith.foundation.access.door import KithRequest, opens_to
from kith.foundation.screens.lists import Listing, page_asked_for

from . import duties
from .queries import SEE

TITLES = {"now": "Late, or due soon", "later": "Due after that", "done": "Done"}


@opens_to(SEE)
@require_GET
def due(request: KithRequest) -> HttpResponse:
    """Every turn, or those late or due soon, due later, or done; each count opens its list."""
    on, which = timezone.localdate(), request.GET.get("which", "")
    which = which if which in duties.WHICH else ""
    every = duties.turns(request.viewer, on=on)
    found = {key: [turn for turn in every if turn.state in states] for key, states in duties.WHICH.items()}
    rows = found[which] if which else every
    pages = page_asked_for(
        path=request.path, filters={"which": which}, count=len(rows), asked=request.GET.get("page"), size=50
    )
    counts = [Listing(TITLES[key], {"which": key}, len(turns), request.path) for key, turns in found.items()]
    here = {"turns": rows[pages.rows], "pages": pages, "counts": counts, "which": TITLES.get(which, ""), "today": on}
    return render(request, "returns/due.html", here)
