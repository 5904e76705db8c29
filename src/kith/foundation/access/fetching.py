"""Requests that another site made a browser send are turned away, and no answer is kept, framed or read elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]
SAFE = ("GET", "HEAD", "OPTIONS")
OURS = ("", "same-origin", "none")  # an old browser says nothing, and has the token of its form to show
NEVER_ASKED_FOR = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


def only_our_own_pages(get_response: Answer) -> Answer:
    """The browser says where a request began (Sec-Fetch-Site). From another site a link may lead here, and no more."""

    def answer(request: HttpRequest) -> HttpResponse:
        began = request.headers.get("Sec-Fetch-Site", "")
        if began not in OURS and not _is_a_link(request):
            raise PermissionDenied("another site sent this")
        return get_response(request)

    return answer


def _is_a_link(request: HttpRequest) -> bool:
    said = request.headers
    return (
        request.method in SAFE
        and said.get("Sec-Fetch-Mode") == "navigate"
        and said.get("Sec-Fetch-Dest", "document") == "document"
    )


def keep_to_ourselves(get_response: Answer) -> Answer:
    """What every answer says: keep no copy, let no other site read it, and give no page the camera or the like."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "no-store" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "no-store, private"
        response.headers.setdefault("Permissions-Policy", NEVER_ASKED_FOR)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return answer
