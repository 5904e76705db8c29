"""Today, a team's day, and who is missing now."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kith.foundation.access.door import opens_to
from kith.foundation.access.models import Team
from kith.foundation.access.queries import teams
from kith.foundation.screens.lists import page_asked_for
from kith.record.periods import queries as periods
from kith.record.periods.words import NAMES

from . import queries
from .asking import Asking, asking
from .forms import whose_form
from .plan import plan

OF_A_TEAM = ("meetings", "sign_off", "team_unallocated")


@opens_to("see_today")
@require_GET
def today(request: Any) -> HttpResponse:
    """The first page: what needs this person, or whoever they choose to look at, and why."""
    on, role = timezone.localdate(), plan().roles[request.viewer.role]
    asked = asking(viewer=request.viewer, on=on, query=request.GET, begins=role, first=plan().first)
    shown = queries.groups(asked, role.groups)
    sums = next((each.sums for each in shown if each.how == "counts"), ())
    here = {
        "groups": shown,
        "tiles": queries.totals(asked, sums) if sums else [],
        "form": whose_form(asked, on=on),
        "asked": asked,
        "today": on,
        "own": asked.worker == str(request.viewer.worker),
    }
    return render(request, "worklists/today.html", here)


@opens_to("see_team")
@require_GET
def teams_page(request: Any) -> HttpResponse:
    """Every team, with what is due in each."""
    on = timezone.localdate()
    asked = _of_team(request, "", on)
    cells = queries.tally(asked, by="team").cells
    listed = [(each, cells.get(each.pk)) for each in teams()]
    here = {"teams": listed, "nobodys": cells.get(None), "own": set(request.viewer.teams), "today": on}
    return render(request, "worklists/teams.html", here)


@opens_to("see_team")
@require_GET
def team_page(request: Any, pk: int) -> HttpResponse:
    """A team's day: what is due by worker, meetings open now, work that waits."""
    team = Team.objects.filter(pk=pk).first()
    if team is None:
        raise Http404
    on = timezone.localdate()
    asked = _of_team(request, str(pk), on)
    workers = queries.tally(asked, by="worker")
    here = {
        "team": team,
        "today": on,
        "tiles": queries.totals(asked, workers.sums),
        "workers": workers.lines(),
        "groups": queries.groups(asked, tuple(plan().groups[key] for key in OF_A_TEAM)),
    }
    return render(request, "worklists/team.html", here)


def _of_team(request: Any, team: str, on: Any) -> Asking:
    return Asking(viewer=request.viewer, on=on, team=team, worker="", first=plan().first)


@opens_to("see_child")
@require_GET
def running(request: Any, kind: str) -> HttpResponse:
    """The periods of one kind running now, such as the children who are missing."""
    if kind not in NAMES:
        raise Http404
    on = timezone.localdate()
    rows = periods.running(request.viewer, kind=kind, on=on)
    pages = page_asked_for(path=request.path, filters={}, count=rows.count(), asked=request.GET.get("page"))
    title = "Missing or away now" if kind == "missing" else f"{NAMES[kind]}: now"
    lines = [queries.running_line(each) for each in rows[pages.rows]]
    return render(request, "worklists/running.html", {"title": title, "lines": lines, "pages": pages, "today": on})
