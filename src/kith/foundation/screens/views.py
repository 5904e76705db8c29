"""Pages that belong to no app: what went wrong, in plain words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kith.foundation.access.door import opens_to_everyone


def _page(request: HttpRequest, name: str, status: int) -> HttpResponse:
    return render(request, f"screens/{name}.html", status=status)


@opens_to_everyone
def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """There is nothing here, or nothing that this person may know of: the two look alike."""
    return _page(request, "not_found", 404)


@opens_to_everyone
def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """The person's post does not open this page."""
    return _page(request, "forbidden", 403)


@opens_to_everyone
def broken(request: HttpRequest) -> HttpResponse:
    """Something of ours went wrong."""
    return _page(request, "broken", 500)


@opens_to_everyone
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open so long, or in such a way, that it cannot be trusted; its text is in the drafts."""
    return _page(request, "form_expired", 403)
