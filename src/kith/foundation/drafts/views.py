"""Keeping drafts, listing one's own, and settling two texts that met."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseForbidden,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from kith.foundation.access.door import opens_to
from kith.foundation.screens.words import nice_time
from kith.vocabulary.errors import KithError
from kith.vocabulary.texts import whole_number

from . import actions, presenters, queries
from .models import Clash
from .posted import LONGEST_KEY, posted_text
from .registry import Current, Kind, kind_of, may_name, veil_over

MOVED_ON = "Somebody saved this again while you were choosing. This is what it says now: please choose again."


@opens_to("keep_drafts")
@require_http_methods(["GET", "POST"])
def drafts(request: Any) -> HttpResponse:
    """My drafts; and, when posted to, the place where a form's unsent text is kept."""
    if request.method == "POST":
        return _keep(request)
    kept = [
        presenters.kept(
            queries.veiled(request.viewer, draft),
            named=may_name(viewer=request.viewer, form=draft.form, about=draft.about),
        )
        for draft in queries.drafts_of(viewer=request.viewer)
    ]
    clashes = [
        (clash, _title(request, clash))
        for clash in queries.clashes_of(viewer=request.viewer)
        if may_name(viewer=request.viewer, form=clash.form, about=clash.about)
    ]
    return render(request, "drafts/mine.html", {"drafts": kept, "clashes": clashes})


def _keep(request: Any) -> HttpResponse:
    form, about = request.POST.get("draft_form", ""), request.POST.get("draft_about", "")
    if not form or len(form) > LONGEST_KEY or not about:
        return HttpResponseBadRequest("This page did not say what it is a draft of. Tell whoever looks after Kith.")
    if request.POST.get("draft_author", str(request.viewer.worker)) != str(request.viewer.worker):
        return HttpResponseForbidden(
            "Somebody else has signed in since this page was opened: its text stays on the page."
        )
    at = timezone.now()
    body = posted_text(request.POST.lists())
    actions.keep(author=request.viewer.worker, form=form, about=about, body=body, at=at)
    if "json" in request.headers.get("Accept", ""):
        return JsonResponse({"saved": nice_time(at)})
    messages.success(request, f"Draft saved at {nice_time(at)}. Nobody else can see it.")
    return _back(request)


@opens_to("keep_drafts")
@require_POST
def throw_away(request: Any) -> HttpResponse:
    """Throw away a draft of one's own: from its form, or from the list."""
    if request.POST.get("draft"):
        mine = queries.drafts_of(viewer=request.viewer).filter(pk=whole_number(request.POST["draft"])).first()
        if mine is None:
            raise Http404("draft")
        mine.delete()
    else:
        form, about = request.POST.get("draft_form", ""), request.POST.get("draft_about", "")
        actions.drop(author=request.viewer.worker, form=form, about=about)
    messages.success(request, "The draft has been thrown away.")
    return _back(request)


@opens_to("keep_drafts")
@require_http_methods(["GET", "POST"])
def clash(request: Any, pk: int) -> HttpResponse:
    """Two texts side by side, and the choice between them."""
    found, kind, current = _open(request, pk)
    over = veil_over(viewer=request.viewer, form=found.form, about=found.about)
    mine = {name: over(value) for name, value in kind.read(found.body).items()}
    pairs = presenters.pairs(current=current, mine=mine)
    problem = ""
    if request.method == "POST" and found.settled_at is None:
        problem, url = _settle(request, found, kind, current, pairs)
        if not problem:
            return HttpResponseRedirect(url)
    context = {"clash": found, "title": kind.title(viewer=request.viewer, about=found.about), "current": current}
    typed = {pair.number: request.POST.get(f"answer-{pair.number}") for pair in pairs} if problem else {}
    return render(request, "drafts/clash.html", context | {"pairs": pairs, "problem": problem, "typed": typed})


def _open(request: Any, pk: int) -> tuple[Clash, Kind, Current]:
    """The clash, its kind and what is saved now; nothing at all for a person who may not see any one of them."""
    found = queries.clash_of(viewer=request.viewer, pk=pk)
    if found is None:
        raise Http404("clash")
    kind = kind_of(found.form)
    current = kind.current(viewer=request.viewer, about=found.about)
    if current is None:
        raise Http404("clash")
    if not request.viewer.may(kind.capability):
        raise PermissionDenied(kind.capability)
    return found, kind, current


def _settle(request: Any, found: Clash, kind: Kind, current: Current, pairs: list[presenters.Pair]) -> tuple[str, str]:
    """Save what was chosen. Gives what stopped it, if anything did, and where to go on to."""
    kept, at = request.POST.get("keep", ""), timezone.now()
    if kept not in ("theirs", "mine", "both"):
        return "Choose which text to keep.", ""
    if request.POST.get("version") != str(current.version):
        return MOVED_ON, ""
    url = current.url
    if kept != "theirs":
        posted = {name: values[-1] for name, values in posted_text(request.POST.lists()).items()}
        values = presenters.chosen(pairs=pairs, kept=kept, posted=posted)
        try:
            url = kind.save(viewer=request.viewer, about=found.about, values=values, at=at)
        except (KithError, ValidationError) as error:
            return " ".join(getattr(error, "messages", None) or [str(error)]), ""
    actions.settle(clash=found, by=request.viewer.worker, kept=kept, at=at)
    messages.success(
        request, {"theirs": "Their text stands.", "mine": "Your text is saved."}.get(kept, "Both texts are saved.")
    )
    return "", url


def _title(request: Any, found: Clash) -> str:
    return kind_of(found.form).title(viewer=request.viewer, about=found.about)


def _back(request: Any) -> HttpResponse:
    return redirect(presenters.safe_back(request.POST.get("draft_back", "")) or "drafts")
