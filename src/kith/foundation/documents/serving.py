"""How a document is handed over: to be kept by whoever opens it, never to be run as a page of Kith."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse


def handed_over(content: bytes, *, name: str, type: str) -> HttpResponse:
    """The answer that hands a document over as a file."""
    answer = HttpResponse(content, content_type=type)
    plain = "".join(each if (each.isascii() and each.isalnum()) or each in "-_. " else "_" for each in name)
    answer["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "no-store, private"
    return answer
