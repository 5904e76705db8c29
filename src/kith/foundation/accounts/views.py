"""Signing in and out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kith.foundation.access.door import opens_to_everyone

from . import actions, asking
from .forms import SignInForm
from .going_on import next_page


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
    return render(request, "accounts/sign_in.html", {"form": form, "next": next_page(request, default="")})


@opens_to_everyone
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    actions.sign_out(request=request)
    return redirect(f"{reverse('sign_in')}?{urlencode({'signed_out': 'yes'})}")


def _try(request: HttpRequest, *, email: str, password: str) -> str | None:
    """Try to sign in; what to tell the person when it did not work."""
    found = asking.account_or_why(request, email=email, password=password)
    if isinstance(found, str):
        return found
    actions.sign_in(request=request, account=found, how="password and code")
    return None
