"""Where a request comes from: its network address, the browser in words, and whether the account has used it before."""

from __future__ import annotations

import ipaddress
import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

REMEMBERED = timedelta(days=180)
SALT = "kith.known-device"
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "a Mac",
    "CrOS": "a Chromebook",
    "Linux": "Linux",
}


def source_of(request: HttpRequest) -> str:
    """The address a request comes from: past as many proxies as stand before Kith; of IPv6 the network alone."""
    said = request.META.get("REMOTE_ADDR", "")
    passed = [each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if settings.PROXIES and len(passed) >= settings.PROXIES:
        said = passed[-settings.PROXIES]
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if address.version == 6 else str(address)


def in_words(request: HttpRequest) -> str:
    """The browser in words: "Chrome on Windows"."""
    said = request.META.get("HTTP_USER_AGENT", "")
    browser = next((words for mark, words in BROWSERS.items() if re.search(rf"\b{mark}\w*/", said)), "A browser")
    system = next((words for mark, words in SYSTEMS.items() if mark in said), "")
    return f"{browser} on {system}" if system else browser


def known(request: HttpRequest, *, account: int | None) -> str:
    """The name of this device if the account has signed in with it before; nothing otherwise."""
    try:
        said = TimestampSigner(salt=SALT).unsign(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), max_age=REMEMBERED
        )
    except BadSignature:
        return ""
    whose, _, name = said.partition(":")
    return name if account is not None and whose == str(account) else ""


def remember(request: HttpRequest, response: HttpResponse, *, account: int) -> None:
    """Let the account be known by this device from now on. It opens nothing: it only has a counter of its own."""
    name = known(request, account=account) or secrets.token_urlsafe(16)
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        TimestampSigner(salt=SALT).sign(f"{account}:{name}"),
        max_age=int(REMEMBERED.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
