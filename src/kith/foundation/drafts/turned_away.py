"""Text that was sent when nobody was signed in any more: kept as a draft for the account that the form names."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from kith.foundation.history.actor import Actor, acting

from . import actions
from .authors import author_named
from .posted import LONGEST_KEY, posted_text
from .presenters import safe_back


def keep_what_was_sent(request: Any) -> str:
    """Keep it, and give the address that brings it back; nothing when the form does not say, signed, whose it is.

    The draft can be read by that account alone, after signing in: who sends it here learns nothing and sees nothing.
    """
    form, about = request.POST.get("draft_form", ""), request.POST.get("draft_about", "")
    author = author_named(request.POST.get("draft_signed", ""), form=form, about=about)
    if author is None or not form or not about or len(form) > LONGEST_KEY:
        return ""
    with acting(Actor(worker=author, role="signed out", purpose="keeping unsent text")):
        actions.keep(author=author, form=form, about=about, body=posted_text(request.POST.lists()), at=timezone.now())
    return safe_back(request.POST.get("draft_back", "")) or "/drafts/"
