"""The pages of a worker's own calendar, and the calendar itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kith.foundation.access.door import actor_for, opens_to, opens_to_everyone
from kith.foundation.access.reading import ROLE
from kith.foundation.history.actions import listed
from kith.foundation.history.actor import acting
from kith.record.deadlines.queries import for_calendar

from . import feeds
from .calendar import AHEAD, BACK, as_calendar


@opens_to("see_today")
@require_GET
def mine(request: Any) -> HttpResponse:
    """Whether one has a calendar, what is in it, and what is not."""
    return _page(request)


@opens_to("see_today", again=True)
@require_POST
def make(request: Any) -> HttpResponse:
    """A new address, shown once; the one before shows nothing from now on."""
    secret = feeds.make(worker=request.viewer.worker, at=timezone.now())
    return _page(request, address=request.build_absolute_uri(f"/calendar/feed/{secret}.ics"))


@opens_to("see_today")
@require_POST
def end(request: Any) -> HttpResponse:
    """End the address."""
    feeds.end(worker=request.viewer.worker, at=timezone.now())
    messages.success(request, "The address is ended. It shows nothing any more.")
    return redirect("worklists:calendar")


@opens_to_everyone
@never_cache
@require_GET
def feed(request: Any, secret: str) -> HttpResponse:
    """The calendar behind a secret address: what falls to its worker, as they may see it today; or nothing is there."""
    viewer = feeds.viewer_of(secret)
    if viewer is None:
        raise Http404("calendar")
    today = timezone.localdate()
    with acting(actor_for(viewer, request), reading_as=ROLE):
        rows = list(for_calendar(viewer, since=today - BACK, until=today + AHEAD))
        listed(people={row.person_id for row in rows}, page="worklists:feed")
    made = as_calendar(rows, home=request.build_absolute_uri("/").rstrip("/"), on=today, at=timezone.now())
    return HttpResponse(made, content_type="text/calendar; charset=utf-8")


def _page(request: Any, address: str = "") -> HttpResponse:
    held = feeds.of_worker(request.viewer.worker)
    return render(request, "worklists/calendar.html", {"held": held, "address": address, "ahead": AHEAD.days})
