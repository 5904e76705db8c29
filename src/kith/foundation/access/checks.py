"""At start-up: every route must say who may open it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from .door import PUBLIC, SIGNED_IN
from .policy import policy


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every route of the service, as (pattern, view)."""
    resolver = resolver or get_resolver()
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from routes(each, prefix + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield prefix + str(each.pattern), each.callback


@register("access")
def every_route_states_its_access(**_: Any) -> list[CheckMessage]:
    """A route whose view does not say who may open it is an error, and the server does not start."""
    known = {PUBLIC, SIGNED_IN, *policy().capabilities}
    return [
        Error(f"/{pattern} does not say who may open it.", hint="Put @opens_to(…) on its view.", id="kith.E001")
        for pattern, view in routes()
        if getattr(view, "opens_to", None) not in known
    ]
