"""How ready the record is for each return: over time, by team, and the children behind each number."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kith.foundation.access.door import KithRequest, opens_to, page_of
from kith.foundation.history.actions import listed
from kith.foundation.screens.lists import page_asked_for

from . import readiness, readiness_presenters
from .queries import NO_TEAM


@opens_to("see_controls")
@require_GET
def ready(request: KithRequest) -> HttpResponse:
    """Each return: what last night found, the days before, and the teams."""
    found = [readiness_presenters.of_kind(request.viewer, kind) for kind in readiness.nights()]
    return render(request, "returns/readiness.html", {"returns": found})


@opens_to("see_controls")
@require_GET
def unready(request: KithRequest, key: str) -> HttpResponse:
    """The children behind a number: of one return, and of one team where it is named."""
    behind = readiness.behind(request.viewer, key) if key in readiness.KINDS else None
    if behind is None:
        raise Http404("return")
    filters = {name: request.GET.get(name, "") for name in ("team", "which")}
    rows = readiness_presenters.narrowed(behind, filters)
    pages = page_asked_for(path=request.path, filters=filters, count=rows.height, asked=request.GET.get("page"))
    shown = rows[pages.rows]
    listed(people=[behind.known[each].pk for each in shown["child"]], page=page_of(request))
    teams = {row["team"]: row["team_name"] for row in behind.rows.select("team", "team_name").unique().to_dicts()}
    context = {
        "title": readiness_presenters.title_of(behind.night),
        "team": teams.get(filters["team"], "") if filters["team"] != NO_TEAM else "No team known",
        "lines": readiness_presenters.lines(behind, shown),
        "pages": pages,
    }
    return render(request, "returns/unready.html", context)
