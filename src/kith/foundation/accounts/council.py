"""The council's own sign-in (OpenID Connect): it says who somebody is, and Kith says what they may do.

allauth speaks the protocol: state, PKCE, the exchange of the code. Kith adds a nonce, checks the token's signature
always, lets in only those who have an account already, and asks for its own second proof unless theirs was given.
"""

from __future__ import annotations

import logging
import re
import secrets
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from requests import RequestException

from kith.foundation.access import proof
from kith.foundation.access.door import opens_to_everyone
from kith.foundation.history.actor import Actor, acting

from . import actions, identities, signing
from .going_on import next_page

PROVIDER = "council"
ASKED = "asked_council"  # what was asked of it: kept in the session until it answers
UNKNOWN = "Nobody here has this address. Ask whoever keeps accounts to open one for you."
FAILED = "The council's sign-in did not answer as it should. Try again, or sign in with a password."


@opens_to_everyone
@never_cache
@require_GET
def council(request: Any) -> HttpResponse:
    """On to the council's own sign-in page."""
    if not settings.COUNCIL:
        raise Http404("council")
    again = bool(request.GET.get("again")) and request.viewer.worker is not None
    asked = {"nonce": secrets.token_urlsafe(24), "again": again, "next": next_page(request, default="")}
    request.session[ASKED] = asked
    params = {"nonce": asked["nonce"]} | ({"prompt": "login", "max_age": "0"} if again else {})
    try:
        provider = get_adapter(request).get_provider(request, provider=PROVIDER)
        return provider.redirect(request, process="login", auth_params=params)
    except (RequestException, OAuth2Error):
        return _refused(request, FAILED)


@opens_to_everyone
@never_cache
@require_GET
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from it, with a code that Kith exchanges for who it is."""
    if not settings.COUNCIL or provider_id != PROVIDER:
        raise Http404("council")
    view = OAuth2CallbackView.adapter_view(Speaks(request, PROVIDER))
    answer: HttpResponse = view(request)
    return answer


class Speaks(OpenIDConnectOAuth2Adapter):
    """allauth's exchange, with the signature checked always and the nonce compared."""

    def complete_login(self, request: Any, app: Any, token: Any, **kwargs: Any) -> Any:
        """Who the token says it is; no token, no answer."""
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("The council's sign-in sent no id_token.")
        return super().complete_login(request, app, token, **kwargs)

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        config = self.openid_config
        try:
            said: dict[str, Any] = jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=config["jwks_uri"],
                issuer=config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except (TypeError, KeyError) as broken:  # no key of the provider's signs in the way that the token says
            raise OAuth2Error("The council's sign-in sent a token that is not signed as it should be.") from broken
        asked = self.request.session.get(ASKED) or {}
        if not asked.get("nonce") or not secrets.compare_digest(str(said.get("nonce", "")), asked["nonce"]):
            raise OAuth2Error("The answer belongs to no question of this browser.")
        return said


class OnlyAccounts(DefaultSocialAccountAdapter):
    """What allauth does with somebody it has identified: always what Kith says, and nothing of its own."""

    def pre_social_login(self, request: Any, sociallogin: Any) -> None:
        """Sign in the account that this is; refuse everybody else."""
        asked = request.session.pop(ASKED, None) or {}
        raise ImmediateHttpResponse(_answered(request, sociallogin.account.extra_data, asked))

    def on_authentication_error(self, request: Any, provider: Any, exception: Any = None, **_: Any) -> None:
        """Whatever went wrong is told alike; the log says what the council's administrators have to mend."""
        logging.getLogger(__name__).warning("the council's sign-in failed: %s", _why(exception))
        raise ImmediateHttpResponse(_refused(request, FAILED))

    def get_requests_session(self) -> Any:
        """What asks the provider. It goes where it was told and nowhere else: an answer that leads on is a failure."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def is_open_for_signup(self, request: Any, sociallogin: Any) -> bool:
        """Nobody makes an account by signing in."""
        return False


def _why(exception: Exception | None) -> str:
    """The provider's own code of what went wrong (RFC 6749, section 5.2), or what broke: nothing about anybody."""
    if exception is None:
        return "the answer belongs to no question"
    code = re.search(r'"error": ?"([a-z_]{1,40})"', str(exception))
    return code.group(1) if code else type(exception).__name__


def _answered(request: Any, said: dict[str, Any], asked: dict[str, Any]) -> HttpResponse:
    """Go on as the account that the council's sign-in named."""
    token, profile = said.get("id_token") or {}, said.get("userinfo") or {}
    if profile and profile.get("sub") != token.get("sub"):
        return _refused(request, FAILED)
    with acting(Actor(worker=None, role="signing in")):
        account = identities.account_of(issuer=token["iss"], subject=token["sub"], profile=token | profile)
        try:
            if account is None:
                return _refused(request, UNKNOWN)
            actions.check_open(account)
        except actions.NotOpen:
            return _refused(request, UNKNOWN)
    if asked.get("again"):
        return _proved_again(request, account, token, asked)
    if "mfa" in token.get("amr", []):
        return signing.finish(request, account=account, how="council", onward=asked.get("next", ""))
    return signing.begin(request, account=account, how="council", onward=asked.get("next", ""))


def _proved_again(request: Any, account: Any, token: dict[str, Any], asked: dict[str, Any]) -> HttpResponse:
    """A fresh proof from the council counts as one here when it was by two factors, just now, and the same person."""
    age = timezone.now().timestamp() - float(token.get("auth_time", 0))
    fresh = -60 <= age <= proof.FRESH.total_seconds() and "mfa" in token.get("amr", [])
    if request.user != account or not fresh:
        messages.error(request, "That was not a fresh proof by two factors of the same person. Confirm it here.")
        return proof.back_to_asking(asked.get("next", ""))
    actions.prove_again(request=request)
    return redirect("send_held") if proof.held(request) else redirect(asked.get("next") or "/")


def _refused(request: HttpRequest, words: str) -> HttpResponse:
    messages.error(request, words)
    return redirect("sign_in")
