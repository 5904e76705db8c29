"""Signing in and out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from . import actions, throttle
from .door import opens_to_everyone
from .forms import SignInForm

WRONG = "The e-mail address or the password is not right. Check both and try again."
WAIT = "There have been several wrong tries. Wait a minute, then try again."


@opens_to_everyone
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: Any) -> HttpResponse:
    """E-mail and password; then on to where the person was going."""
    if request.method == "GET" and request.viewer.worker is not None:
        return redirect(next_page(request))
    form = SignInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        problem = _try(request, **form.cleaned_data)
        if problem is None:
            return HttpResponseRedirect(next_page(request))
        form.add_error(None, problem)
    return render(request, "access/sign_in.html", {"form": form, "next": next_page(request, default="")})


@opens_to_everyone
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    actions.sign_out(request=request)
    return redirect(f"{reverse('sign_in')}?{urlencode({'signed_out': 'yes'})}")


def next_page(request: HttpRequest, default: str | None = None) -> str:
    """Where to go after signing in: only ever a page of this service."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=False)
    own = wanted.startswith("/") and wanted.split("?")[0] != reverse("sign_in")
    fallback = settings.LOGIN_REDIRECT_URL if default is None else default
    return wanted if safe and own else fallback


def _try(request: HttpRequest, *, email: str, password: str) -> str | None:
    """Try to sign in; what to tell the person when it did not work. Wrong e-mail and wrong password are told alike."""
    who = {"email": email, "address": request.META.get("REMOTE_ADDR", "")}
    now = timezone.now()
    if throttle.wait_left(**who, now=now):
        return WAIT
    account = actions.account_for(email=email, password=password)
    if account is None:
        throttle.went_wrong(**who, now=now)
        return WRONG
    throttle.went_right(**who)
    actions.sign_in(request=request, account=account)
    return None
