"""Of one request to a form: the draft it is filled from, what was refused and is kept, two texts that met."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from kith.foundation.screens.asked import number
from kith.vocabulary.errors import KithError

from .actions import check_version, keep, version_now
from .posted import posted_text
from .presenters import Drafting
from .queries import draft_of

Handed = tuple[HttpResponse | None, KithError | None]  # the answer; without one, why it was refused


def drafting_of(request: Any, *, form: str, about: str, title: str, back: str = "") -> Drafting:
    """What the page's macros need. The viewer's own draft fills a form that is opened, and none that was sent."""
    draft = draft_of(viewer=request.viewer, form=form, about=about) if request.method == "GET" else None
    return Drafting(form=form, about=about, title=title, back=back or request.get_full_path(), draft=draft)


def keep_unsaved(request: Any, *, form: str, about: str) -> None:
    """What was refused is kept as a draft at once: a page closed on its errors loses nothing."""
    body = posted_text(request.POST.lists())
    keep(author=request.viewer.worker, form=form, about=about, body=body, at=timezone.now())


def clash_over(request: Any, row: Any, *, form: str, about: str, version: int | None) -> HttpResponse | None:
    """The way to both texts, where somebody saved this row after the form was opened at `version`; else None."""
    found = check_version(
        viewer=request.viewer,
        form=form,
        about=about,
        posted_version=version or 0,
        current_version=version_now(row),
        body=dict(request.POST.lists()),
        at=timezone.now(),
    )
    return redirect("clash", found.pk) if found else None


def handed_in(request: Any, row: Any, given: Form, *, form: str, save: Callable[[], HttpResponse]) -> Handed:
    """A form about a saved row that was sent: what `save` answers, or the way to both texts if somebody saved it since.

    Else what was written is kept as a draft; and why it was refused is given back, where its own boxes do not say.
    """
    about, refused = str(row.pk), None
    if given.is_valid():
        version = number(request.POST, "version")
        if clash := clash_over(request, row, form=form, about=about, version=version):
            return clash, None
        try:
            return save(), None
        except KithError as error:
            refused = error
    keep_unsaved(request, form=form, about=about)
    return None, refused


def written_against(request: Any, row: Any, drafting: Drafting) -> object:
    """The version the text was written against: that of the draft or of the form sent, not of what is saved now."""
    if request.method == "POST":
        return request.POST.get("version", row.version)
    return drafting.draft.body.get("version", [row.version])[0] if drafting.draft else row.version
