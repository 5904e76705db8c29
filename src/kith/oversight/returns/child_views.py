"""What the returns of this year would reject of one child, as the record stands now."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kith.foundation.access.door import KithRequest, opens_to
from kith.record.people import ties
from kith.record.people.opening import note_opening
from kith.record.people.queries import NotFound, children_for

from . import child_queries


@opens_to("see_child")
@require_GET
def child(request: KithRequest, pk: int) -> HttpResponse:
    """A page of its own."""
    return render(request, "returns/child.html", _context(request, pk))


@opens_to("see_child")
@require_GET
def now(request: KithRequest, pk: int) -> HttpResponse:
    """The part of the child's page, asked for when it is unfolded."""
    return render(request, "returns/child_now.html", _context(request, pk))


def _context(request: KithRequest, pk: int) -> dict[str, Any]:
    found = children_for(request.viewer, only=pk).filter(pk=pk).first()
    if found is None:
        raise NotFound("child", pk)
    told, said = child_queries.read(sorted(ties.of(found)), on=timezone.localdate())
    note_opening(request, found, page="returns", shown=told.read)
    return {"child": found, "lines": child_queries.lines(request.viewer, told, said)}
