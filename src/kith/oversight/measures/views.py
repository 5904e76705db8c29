"""Pages of the measures: all of them, one with its definition, and the children behind it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kith.foundation.access.door import KithRequest, opens_to
from kith.foundation.screens.lists import page_asked_for
from kith.record.deadlines import measuring
from kith.record.deadlines.presenters import lines

from . import presenters, queries
from .book import Measure, measures


@opens_to("see_controls")
@require_GET
def listed(request: KithRequest) -> HttpResponse:
    """Every measure by theme: its share and what is open and overdue; and those that wait for a fact."""
    shown = list(measures().values())
    found = queries.whole_service(on=timezone.localdate())
    here = {"themes": presenters.themes(found, shown), "waiting": presenters.waiting(shown), "count": len(found)}
    return render(request, "measures/list.html", here)


@opens_to("see_controls")
@require_GET
def measure(request: KithRequest, key: str) -> HttpResponse:
    """One measure: the service's share, its definition, and the numbers of the children one may see."""
    one, today = _measure(key), timezone.localdate()
    mine = measuring.tally_for(request.viewer, one.running, basis=one.basis, counts=one.counts, on=today)
    here = {
        "measure": one,
        "share": presenters.share(one, queries.of_one(one, on=today)),
        "mine": presenters.listings(one, mine),
        "about": presenters.about(one),
    }
    return render(request, "measures/measure.html", here)


@opens_to("see_controls")
@require_GET
def children(request: KithRequest, key: str) -> HttpResponse:
    """The turns behind one number of a measure, of the children one may see."""
    one, today = _measure(key), timezone.localdate()
    which = request.GET.get("which", "")
    which = which if which in measuring.LISTS else "measured"
    rows = measuring.turns(request.viewer, one.running, basis=one.basis, counts=one.counts, which=which, on=today)
    pages = page_asked_for(
        path=request.path, filters={"which": which}, count=rows.count(), asked=request.GET.get("page")
    )
    title = next(each.title for each in presenters.listings(one, measuring.Tally()) if each.filters["which"] == which)
    here = {"measure": one, "title": title, "lines": lines(rows[pages.rows], on=today), "pages": pages, "today": today}
    return render(request, "measures/children.html", here)


def _measure(key: str) -> Measure:
    found = measures().get(key)
    if found is None or not found.running:
        raise Http404("measure")
    return found
