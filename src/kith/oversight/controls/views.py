"""Pages of the controls: which safeguards hold, one of them over time, and the children behind it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from kith.analysis.controls.shapes import Control
from kith.foundation.access.door import KithRequest, opens_to
from kith.foundation.screens.lists import page_asked_for
from kith.foundation.screens.words import nice_date
from kith.record.deadlines.openings import named as links_of

from . import presenters, queries
from .book import book

HELD_WORDS = {"": "All", "no": "Did not hold", "yes": "Held", "waiting": "Not over yet"}


@opens_to("see_controls")
@require_GET
def controls(request: KithRequest) -> HttpResponse:
    """Which safeguards hold, which weaken, which have stopped."""
    found = queries.judgements(on=timezone.localdate())
    return render(request, "controls/list.html", {"groups": presenters.groups(found), "count": len(found)})


@opens_to("see_controls")
@require_GET
def control(request: KithRequest, key: str) -> HttpResponse:
    """One safeguard: its sentence, its chart over time, and the children behind it."""
    today = timezone.localdate()
    [found] = queries.judgements(on=today, keys=[_control(key).id])
    first = found.weeks["day"].to_list()[0] if len(found.weeks) else today
    behind = queries.children_behind(
        request.viewer, found.control, since=first, until=today, on=today, missed_only=True
    )
    shown = presenters.page(found, behind=behind, on=today)
    newest = behind.filter(pl.col("day") == today - timedelta(days=1)) if found.control.each_day else behind
    context = {"page": shown, "control": found.control, "lines": _lines(request, found.control, newest[:7], today)}
    return render(request, "controls/control.html", context)


@opens_to("see_controls")
@require_GET
def children(request: KithRequest, key: str) -> HttpResponse:
    """The children behind a safeguard on some days: those it held for, and those it did not."""
    one, today = _control(key), timezone.localdate()
    until = _day(request, "until") or today
    if one.each_day:
        until = min(until, today - timedelta(days=1))
    first = _day(request, "from") or until.replace(year=max(until.year - 1, 1901), day=min(until.day, 28))
    since = until if one.each_day else first
    held = request.GET.get("held", "")
    held = held if held in queries.HELD else ""
    rows = queries.children_behind(request.viewer, one, since=since, until=until, on=today, missed_only=held == "no")
    rows = rows.filter(queries.that(held, on=today))
    filters = {"from": since, "until": until, "held": held}
    pages = page_asked_for(path=request.path, filters=filters, count=len(rows), asked=request.GET.get("page"))
    context = {
        "control": one,
        "title": f"{one.name}: {HELD_WORDS[held].lower()}" if held else one.name,
        "between": f"{nice_date(since)} to {nice_date(until)}" if since < until else nice_date(until),
        "lines": _lines(request, one, rows[pages.rows], today),
        "heads": presenters.heads(one),
        "pages": pages,
        "filters": filters,
        "choices": HELD_WORDS,
    }
    return render(request, "controls/children.html", context)


def _lines(request: KithRequest, one: Control, rows: Any, today: date) -> list[dict[str, Any]]:
    """A page of lines: two queries for the names and the links, however many lines."""
    names = queries.named(request.viewer, rows)
    links = links_of(request.viewer, rows["ref"].to_list())
    return presenters.lines(one, rows, names=names, links=links, on=today)


def _control(key: str) -> Control:
    if key not in book():
        raise Http404("control")
    return book()[key]


def _day(request: KithRequest, name: str) -> date | None:
    try:
        return parse_date(request.GET.get(name, ""))
    except ValueError:
        return None
