"""How and when somebody last proved who they are, kept in the session on the server: without it nobody is signed in."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from kith.foundation.sealing import seal, unseal

FRESH = timedelta(minutes=5)  # what a sensitive act needs the last proof to be
LARGEST_HELD = 1_000_000  # characters of a form held while its sender proves who they are
KEPT_AS = "proof"
HELD_AS = "held"
POST_KEPT_AS = "post"
SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Proof:
    """One proof. `how` is "password and code", "passkey", "council" or, outside production, "persona"."""

    how: str
    at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Whether a sensitive act may follow it."""
        return timedelta() <= now - self.at <= FRESH


@dataclass(frozen=True)
class Held:
    """A form that was sent after the proof had grown old: where it goes, and every field of it."""

    path: str
    fields: list[tuple[str, str]]
    had_files: bool


def proof_of(request: Any) -> Proof | None:
    """The last proof of this session, or None when there was none."""
    kept = request.session.get(KEPT_AS)
    return Proof(how=kept["how"], at=datetime.fromisoformat(kept["at"])) if kept else None


def post_of(viewer: Any) -> str:
    """The role and the teams of a viewer as one word. A session has it to notice a change; it decides nothing."""
    return f"{viewer.role}:{','.join(map(str, sorted(viewer.teams)))}"


def still_in_post(request: Any) -> None:
    """A session whose person has another post than before takes another name; one with no post left ends."""
    post = post_of(request.viewer)
    if not request.viewer.role:
        request.session.flush()
    elif request.session.get(POST_KEPT_AS) != post:
        request.session[POST_KEPT_AS] = post
        request.session.cycle_key()


def proved(request: HttpRequest, *, how: str) -> None:
    """Somebody proved who they are just now. The session's name changes: an old one is worth nothing."""
    request.session[KEPT_AS] = {"how": how, "at": timezone.now().isoformat()}
    request.session.cycle_key()


def ask_again(request: HttpRequest) -> HttpResponseRedirect:
    """Send somebody to prove who they are and to come back; what they had sent is held meanwhile."""
    back = request.get_full_path()
    if request.method not in SAFE:
        hold(request)
    return back_to_asking(back)


def back_to_asking(onward: str) -> HttpResponseRedirect:
    """The page that asks for the proof, and leads on to `onward`."""
    return HttpResponseRedirect(f"{reverse('sign_in_again')}?{urlencode({'next': onward})}")


def hold(request: HttpRequest) -> None:
    """Keep the form that was sent, in the session, until its sender has proved who they are."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
        if isinstance(value, str)
    ]
    text = json.dumps({"path": request.get_full_path(), "fields": fields, "had_files": bool(request.FILES)})
    if len(text) <= LARGEST_HELD:
        request.session[HELD_AS] = base64.b64encode(seal(text.encode(), place=_place(request))).decode()


def held(request: HttpRequest) -> Held | None:
    """The form that is held, if any."""
    kept = request.session.get(HELD_AS)
    if not kept:
        return None
    form = json.loads(unseal(base64.b64decode(kept), place=_place(request)))
    return Held(form["path"], [(name, value) for name, value in form["fields"]], form["had_files"])


def let_go(request: HttpRequest) -> Held | None:
    """Take the held form out of the session."""
    found = held(request)
    request.session.pop(HELD_AS, None)
    return found


def _place(request: Any) -> str:
    """A form that is held opens for its sender alone."""
    return f"session|{request.user.pk}|held"
