"""Pages that belong to no app: what went wrong, in plain words, and what Kith says about itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kith.foundation.access import turned_away
from kith.foundation.access.door import opens_to_everyone
from kith.foundation.access.viewer import NOBODY


def _page(request: HttpRequest, name: str, status: int = 200) -> HttpResponse:
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
def too_much(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """What was sent is too big, or is not what a browser sends."""
    context = {"megabytes": settings.UPLOAD_LIMIT // 1024**2}
    return render(request, "screens/too_much.html", context, status=400)


def broken(request: Any) -> HttpResponse:
    """Something of ours went wrong: perhaps the database itself, so this page asks nothing of it."""
    request.viewer = NOBODY
    return render(request, "screens/broken.html", {"broken": True}, status=500)


broken.opens_to = "public"  # type: ignore[attr-defined]


@opens_to_everyone
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open so long, or in such a way, that it cannot be trusted; its text is in the drafts."""
    turned_away.kept(request)
    return _page(request, "form_expired", 403)


@opens_to_everyone
def accessibility(request: HttpRequest) -> HttpResponse:
    """What people with different needs can expect."""
    return _page(request, "accessibility")


@opens_to_everyone
def what_is_kept(request: HttpRequest) -> HttpResponse:
    """What is recorded about those who work here."""
    return _page(request, "what_is_kept")
