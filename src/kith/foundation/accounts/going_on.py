"""Where to go on to after signing in: only ever a page of this service."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def next_page(request: HttpRequest, default: str | None = None) -> str:
    """The page that was asked for; Today when that is not a page of ours, or is about signing in itself."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=False)
    own = wanted.startswith("/") and not wanted.startswith(reverse("sign_in"))
    fallback = settings.LOGIN_REDIRECT_URL if default is None else default
    return wanted if safe and own else fallback
