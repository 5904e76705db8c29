"""The pages of the council's own timescales: what each is, what it was and why, and changing one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from kith.foundation.access.door import opens_to
from kith.foundation.access.viewer import worker_of
from kith.statutory.timescales.rules import Rule
from kith.vocabulary.errors import KithError

from . import local, local_words, setting
from .setting_forms import TimescaleForm, as_it_is


@opens_to("see_controls")
@require_GET
def timescales(request: Any) -> HttpResponse:
    """Every timescale that is the council's own to set."""
    today = timezone.localdate()
    every = local.local_rules()
    running = [local_words.row(rule, on=today) for rule in every if not rule.waits_for]
    waiting = [local_words.row(rule, on=today) for rule in every if rule.waits_for]
    return render(request, "deadlines/timescales.html", {"running": running, "waiting": waiting})


@opens_to("see_controls")
@require_GET
def timescale(request: Any, key: str) -> HttpResponse:
    """One timescale: as it is, and every change with who and why."""
    rule = _local(key)
    here = {
        "rule": rule,
        "about": local_words.about(rule),
        "changes": local_words.history(local.history_of(key)),
        "may_change": request.viewer.may("keep_timescales"),
    }
    return render(request, "deadlines/timescale.html", here)


@opens_to("keep_timescales", again=True)
@require_http_methods(["GET", "POST"])
def change(request: Any, key: str) -> HttpResponse:
    """Change a timescale that is the council's own, from today or later."""
    rule = _local(key)
    initial = as_it_is(rule, seen=local.times_changed(key)) | {"since": timezone.localdate()}
    form = TimescaleForm(request.POST if request.method == "POST" else None, initial=initial, rule=rule)
    if request.method == "POST" and form.is_valid() and _set(request, rule, form):
        messages.success(request, "Saved. It measures what begins from that day; what began before keeps its number.")
        return redirect("deadlines:timescale", key=key)
    return render(
        request, "deadlines/change_timescale.html", {"rule": rule, "form": form, "about": local_words.about(rule)}
    )


def _set(request: Any, rule: Rule, form: TimescaleForm) -> bool:
    given, now = form.cleaned_data, timezone.now()
    by = worker_of(request.viewer)
    try:
        setting.change(
            rule=rule.id,
            values=form.values(),
            since=given["since"],
            why=given["why"],
            by=by,
            at=now,
            on=timezone.localdate(now),
            seen=given["seen"],
        )
    except KithError as refused:
        form.add_error("since" if "begin" in refused.sentence else "number", f"{refused.sentence} {refused.mend}")
        return False
    return True


def _local(key: str) -> Rule:
    found = next((rule for rule in local.local_rules() if rule.id == key), None)
    if found is None:
        raise Http404("timescale")
    return found
