"""The door: every view says what a person must be allowed to do to open it; a view that says nothing stops start-up."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from kith.foundation.history.actions import refused
from kith.foundation.history.actor import Actor, acting

from . import turned_away
from .pace import TooManyRecords
from .proof import SAFE, ask_again, let_go, proof_of, still_in_post
from .reading import ROLE
from .shown import note_shown
from .viewer import NOBODY, Viewer, viewer_for

View = Callable[..., HttpResponse]
PUBLIC = "public"
SIGNED_IN = "signed in"  # whoever is signed in and in post, in whatever role: pages about oneself


class KithRequest(HttpRequest):
    """A request that has come through the door."""

    viewer: Viewer


def viewer_at(request: Any) -> Viewer:
    """Who is asking: nobody, until every step of signing in has been taken. The one place that says so."""
    user = getattr(request, "user", None)  # a request turned away before sign-in is looked at has nobody
    if user is None or not user.is_authenticated or proof_of(request) is None:
        return NOBODY
    return viewer_for(request.user)


def opens_to(capability: str, *, again: bool = False) -> Callable[[View], View]:
    """Only those whose role may do `capability` come in; all they do inside is signed, in one transaction.

    `again` is for sensitive acts: who proved who they are longer than five minutes ago does so again first, and what
    they had sent is held until then.
    """

    def wrap(view: View) -> View:
        @never_cache
        @wraps(view)
        def at_the_door(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            viewer = request.viewer = viewer_at(request)
            if viewer.worker is None:
                return redirect_to_login(turned_away.kept(request) or request.get_full_path())
            still_in_post(request)
            actor = actor_for(viewer, request)
            if not viewer.role or (capability != SIGNED_IN and not viewer.may(capability)):
                keep_refusal(request, actor, decision="role")
                raise PermissionDenied(capability)
            request.session.touch()
            if again and not _just_proved(request):
                return ask_again(request)
            if again and request.method not in SAFE:
                let_go(request)
            return _let_in(partial(view, request, *args, **kwargs), request, actor)

        at_the_door.opens_to = capability  # type: ignore[attr-defined]
        at_the_door.again = again  # type: ignore[attr-defined]
        return at_the_door

    return wrap


def _let_in(view: Callable[[], HttpResponse], request: Any, actor: Actor) -> HttpResponse:
    """What the view answers; whom it named is in the history, and so is that it refused."""
    try:
        with acting(actor, reading_as=ROLE):
            response = view()
            note_shown(response, page=page_of(request))
            return response
    except TooManyRecords as excess:
        keep_refusal(request, actor, decision="too_many", refusal=excess)
        return ask_again(request)
    except (Http404, PermissionDenied) as refusal:
        keep_refusal(request, actor, decision=getattr(refusal, "reason", ""), refusal=refusal)
        raise


def opens_to_everyone(view: View) -> View:
    """A page with nothing of anybody on it, such as signing in."""

    @wraps(view)
    def at_the_door(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        request.viewer = viewer_at(request)
        return view(request, *args, **kwargs)

    at_the_door.opens_to = PUBLIC  # type: ignore[attr-defined]
    return at_the_door


def _just_proved(request: Any) -> bool:
    proof = proof_of(request)
    return proof is not None and proof.is_fresh(timezone.now())


def actor_for(viewer: Viewer, request: Any = None) -> Actor:
    """The actor that the history knows this viewer as, for one request."""
    client = f"web {request.META.get('REMOTE_ADDR', '')}".strip() if request is not None else "kith"
    return Actor(worker=viewer.worker, role=viewer.role, request=uuid.uuid4().hex[:12], client=client)


def keep_refusal(request: Any, actor: Actor, *, decision: str, refusal: Exception | None = None) -> None:
    """Keep in the history that somebody was not let in: alike for what they may not know of and what is not there.

    It is a transaction of its own: whatever the view had begun was taken back.
    """
    matched = getattr(request, "resolver_match", None)
    page = " ".join([page_of(request), *(str(each) for each in matched.kwargs.values())] if matched else [])
    found = decision or ("not found" if isinstance(refusal, Http404) else "not allowed")
    refused(actor=actor, page=page, decision=found, person=getattr(refusal, "person", None))


def page_of(request: Any) -> str:
    """What the history calls the page that was asked for: its route's name."""
    matched = getattr(request, "resolver_match", None)
    return str(matched.view_name) if matched else ""
