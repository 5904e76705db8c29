"""Putting right what lasts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kith.foundation.access.door import opens_to
from kith.foundation.drafts import actions as drafts
from kith.foundation.drafts.writing import drafting_of, handed_in, written_against
from kith.record.people.opening import note_opening
from kith.record.people.queries import NotFound
from kith.record.periods.models import Period
from kith.record.periods.words import name_of

from . import actions
from .clashes import FORM, form_of, page_of, title_of
from .forms import PeriodForm
from .queries import begun_by, period_for


@opens_to("record_work")
@require_http_methods(["GET", "POST"])
def change(request: Any, pk: int) -> HttpResponse:
    """One period, or the form of the work that began it. Of two who save at once, both texts are kept, side by side."""
    period = period_for(request.viewer, pk)
    if period is None:
        raise NotFound("period", pk)
    if form_of_work := begun_by(period):
        return redirect(form_of_work)
    drafting = drafting_of(request, form=FORM, about=str(pk), title=title_of(period))
    form, refused = form_of(request.viewer, period, unsent=drafting.draft.body if drafting.draft else None), None
    if request.method == "POST":
        form = form_of(request.viewer, period, request.POST)
        answer, refused = handed_in(request, period, form, form=FORM, save=lambda: _changed(request, period, form))
        if answer:
            return answer
    note_opening(request, period.person, page="period")
    here = {"form": form, "period": period, "name": name_of(period.kind, period.code), "back_to": page_of(period)}
    here |= {"drafting": drafting, "refused": refused, "version": written_against(request, period, drafting)}
    return render(request, "period_forms/form.html", here)


def _changed(request: Any, period: Period, form: PeriodForm) -> HttpResponse:
    saved = actions.change(period=period, version=period.version, told=form.told())
    drafts.drop(author=request.viewer.worker, form=FORM, about=str(period.pk))
    messages.success(request, "It is saved. What it was before is kept in the history.")
    return redirect(page_of(saved))
