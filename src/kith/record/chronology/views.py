"""The child's page and what hangs from it: the full record, who has looked, the story, and finding a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kith.foundation.access.door import opens_to
from kith.foundation.access.viewer import worker_of
from kith.foundation.drafts import actions as drafts
from kith.foundation.drafts.presenters import Drafting
from kith.foundation.drafts.queries import draft_of
from kith.foundation.drafts.writing import clash_over
from kith.foundation.history.actions import listed
from kith.foundation.screens.asked import number
from kith.foundation.screens.lists import Listing, page_asked_for
from kith.record.people.actions import newest_story, story_now, write_story
from kith.record.people.finding import find
from kith.record.people.models import Person
from kith.record.people.opening import note_opening
from kith.record.people.queries import NotFound, grown_ups_for
from kith.record.steps.kinds import kept_from

from . import actions, openings, queries
from .clashes import FORM, SIGNIFICANT
from .forms import BetweenForm, FindForm, SignificantForm, StoryForm
from .found import lines
from .header import header
from .looking import lookers, who_looked
from .odd import odd_dates
from .presenters import PLANS, child_page, is_open
from .searches import keep_search, kept_search
from .story import events_of, kinds_in

PRINTED = 10_000  # lines of a printed page: all of them
ON_A_PAGE = 30
FEW_DOCUMENTS = 4  # on the child's page; the rest are a link away


@opens_to("see_child")
@require_GET
def child(request: Any, pk: int) -> HttpResponse:
    """The child's page. A list that knows no more than a number leads here; a grown-up's own page is elsewhere."""
    try:
        return _child(request, pk, page="child")
    except NotFound:
        if grown_ups_for(request.viewer, only=pk).filter(pk=pk).exists():
            return redirect("grown_ups:page", pk)
        raise


@opens_to("see_child")
@require_GET
def printed(request: Any, pk: int) -> HttpResponse:
    """The child's page, whole, to be printed."""
    return _child(request, pk, page="print", few=PRINTED)


def _child(request: Any, pk: int, *, page: str, **how: Any) -> HttpResponse:
    on = timezone.localdate()
    reads = queries.reads(request.viewer, pk, on=on, few=how.get("few", FEW_DOCUMENTS))
    note_opening(request, reads.person, page=page, shown=[each.pk for each in reads.people])
    looked = who_looked(openings.newest_of_child(reads.person)) if request.viewer.may("see_history") else []
    shown = child_page(reads, viewer=request.viewer, on=on, looked=looked[:5], **how)
    context = {"page": shown, "child": reads.person, "today": on, "whole": bool(how), "viewer": request.viewer}
    context["odd"] = odd_dates(reads.person, reads.periods, on=on, unread=kept_from(request.viewer))
    return render(request, "chronology/child.html", context)


@opens_to("see_child")
@require_GET
def record(request: Any, pk: int) -> HttpResponse:
    """Every entry of the story, a page at a time, by kind; or only the significant ones."""
    on = timezone.localdate()
    reads = _read_head(request, pk, "record")
    entries = events_of(reads)
    chosen = {"kind": request.GET.get("kind", ""), "show": request.GET.get("show", "")}
    found = [each for each in entries if not chosen["kind"] or each.kind == chosen["kind"]]
    if chosen["show"] == "significant":
        found = [each for each in found if each.significant]
    elif chosen["show"] == "plans":
        found = [each for each in found if each.kind.removeprefix("period:") in PLANS]
    pages = page_asked_for(
        path=request.path, filters=chosen, count=len(found), asked=request.GET.get("page"), size=ON_A_PAGE
    )
    shown = found[pages.rows]
    context = {
        "header": _header(request, reads, on),
        "entries": shown,
        "texts": queries.texts(request.viewer, [each.part for each in shown if each.part], reads.person.veil),
        "kinds": kinds_in(entries),
        "chosen": chosen,
        "pages": pages,
        "child": reads.person,
        "viewer": request.viewer,
    }
    return render(request, "chronology/record.html", context)


@opens_to("see_history")
@require_GET
def looked(request: Any, pk: int) -> HttpResponse:
    """Everybody who opened this child's record, newest first."""
    reads = _read_head(request, pk, "looked")
    rows = openings.of_child(reads.person)
    pages = page_asked_for(path=request.path, filters={}, count=rows.count(), asked=request.GET.get("page"), size=50)
    context = {
        "header": _header(request, reads, timezone.localdate()),
        "rows": lookers(rows[pages.rows]),
        "pages": pages,
        "child": reads.person,
    }
    return render(request, "chronology/looked.html", context)


@opens_to("see_history")
@require_GET
def looked_at_mine(request: Any) -> HttpResponse:
    """Who else opened, or tried to open, the records of the children I work with."""
    on = timezone.localdate()
    form = BetweenForm(request.GET if {"from", "from-day", "until", "until-day"} & set(request.GET) else None)
    kind, chosen = request.GET.get("kind", ""), form.days()
    mine = {each.pk: each.name for each in openings.my_children(request.viewer)}
    listed(people=mine, page="looked at mine")
    child = number(request.GET, "child") or 0
    asked = openings.Asked(
        kind=kind if kind in openings.KINDS else "",
        child=child if child in mine else 0,
        since=chosen[0] or openings.lately(on),
        until=chosen[1] or on,
    )
    rows = openings.of_mine(request.viewer, asked)
    pages = page_asked_for(
        path=request.path, filters=asked.filters(), count=rows.count(), asked=request.GET.get("page"), size=50
    )
    counted = [(each, openings.of_mine(request.viewer, replace(asked, kind=each)).count()) for each in openings.KINDS]
    context = {
        "rows": lookers(rows[pages.rows], mine),
        "pages": pages,
        "form": form if form.is_bound else BetweenForm(initial={"from": asked.since, "until": asked.until}),
        "asked": asked,
        "mine": mine,
        "counts": [Listing(openings.KINDS[each], asked.filters(each), many, request.path) for each, many in counted],
        "title": openings.KINDS[asked.kind],
    }
    return render(request, "chronology/looked_at_mine.html", context)


@opens_to("write_story")
@require_http_methods(["GET", "POST"])
def story(request: Any, pk: int) -> HttpResponse:
    """Write who I am. Each writing is kept; the newest is shown."""
    reads = _read_head(request, pk, "story")
    newest = newest_story(reads.person)
    version = newest.pk if newest else 0
    if request.method == "POST":
        form: Any = StoryForm(request.POST)
        if form.is_valid():
            return _save_story(request, reads.person, form)
        draft = None
    else:
        draft = draft_of(viewer=request.viewer, form=FORM, about=str(pk))
        held = {name: getattr(newest, name, "") for name in StoryForm.base_fields if name != "after"}
        form = StoryForm.with_unsent(draft.body) if draft else StoryForm(initial={**held, "after": version})
    drafting = Drafting(FORM, str(pk), f"The story of {reads.person.name}", request.path, draft)
    head = _header(request, reads, timezone.localdate())
    return render(request, "chronology/story.html", {"form": form, "drafting": drafting, "header": head})


def _save_story(request: Any, person: Person, form: StoryForm) -> HttpResponse:
    at, version = timezone.now(), story_now(person=person)
    clash = drafts.check_version(
        viewer=request.viewer,
        form=FORM,
        about=str(person.pk),
        posted_version=form.cleaned_data["after"] or 0,
        current_version=version,
        body=dict(request.POST.lists()),
        at=at,
    )
    if clash:
        return redirect("clash", clash.pk)
    by = worker_of(request.viewer)
    write_story(person=person, words=form.words(), by=by, on=timezone.localdate(at), after=version)
    drafts.drop(author=request.viewer.worker, form=FORM, about=str(person.pk))
    messages.success(request, "The story is saved. What was written before is kept in the history.")
    return redirect("chronology:child", person.pk)


@opens_to("write_story")
@require_POST
def significant(request: Any, pk: int, part: int) -> HttpResponse:
    """Put an entry in the short chronology with a sentence on what it meant, or take it out again."""
    found = queries.part_for(request.viewer, pk, part)
    seen = number(request.POST, "version") or 0
    if request.POST.get("ordinary"):
        if seen != found.version:
            messages.warning(request, "Somebody else changed this while you were reading. This is what it says now.")
            return redirect("chronology:record", pk)
        actions.make_ordinary(part=found, version=seen, by=worker_of(request.viewer))
        messages.success(request, "It is no longer among the significant events. The full record keeps it.")
    else:
        form = SignificantForm(request.POST)
        if not form.is_valid():
            return _significant_form(request, found, form)
        if clash := clash_over(request, found, form=SIGNIFICANT, about=str(found.pk), version=seen):
            return clash
        by, impact = worker_of(request.viewer), form.cleaned_data["impact"]
        actions.make_significant(part=found, version=seen, impact=impact, by=by)
        messages.success(request, "It is now among the significant events.")
    return redirect("chronology:record", pk)


def _significant_form(request: Any, found: Any, form: SignificantForm) -> HttpResponse:
    reads = _read_head(request, found.person_id, "record")
    entry = next(each for each in events_of(reads) if each.part == found.pk)
    head = _header(request, reads, timezone.localdate())
    return render(request, "chronology/significant.html", {"form": form, "entry": entry, "header": head}, status=200)


@opens_to("find_people")
@require_http_methods(["GET", "POST"])
def people(request: Any) -> HttpResponse:
    """Find a person. What is looked for is sent, and kept with the session: no address, which others see, names her."""
    if request.method == "POST":
        number = keep_search(request.session, {name: request.POST.get(name, "") for name in FindForm.base_fields})
        return redirect(f"{reverse('people')}?search={number}")
    on = timezone.localdate()
    words = kept_search(request.session, request.GET.get("search", "")) or request.GET
    tried = any(words.get(name, "").strip() for name in FindForm.base_fields)
    form = FindForm(words if tried else None, on=on)
    context: dict[str, Any] = {"form": form, "tried": tried, "lines": [], "more": False}
    if tried and form.is_valid():
        found, more = find(viewer=request.viewer, asked=form.asked())
        listed(people=[each.person for each in found], page="people")
        context |= {"lines": lines(found, viewer=request.viewer, on=on), "more": more}
    return render(request, "chronology/people.html", context)


def _read_head(request: Any, pk: int, page: str) -> queries.Reads:
    """What the head of a page about a child needs, and the story's entries; the opening is noted."""
    person = queries.child_for(request.viewer, pk)
    note_opening(request, person, page=page)
    return queries.Reads(
        person=person,
        events=queries.events(request.viewer, person) if page == "record" else [],
        periods=queries.periods(person),
        people=[],
        facts=queries.facts(person),
        involved=[],
        due=[],
        promises=[],
    )


def _header(request: Any, reads: queries.Reads, on: Any) -> Any:
    open_now = [each for each in reads.periods if is_open(each, on)]
    return header(reads, open_now, viewer=request.viewer, on=on)
