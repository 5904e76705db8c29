"""Pages that show every part, field and state there is, for tests and for looking at; never served by Kith itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone

from kith.config import urls
from kith.foundation.access.door import opens_to, opens_to_everyone
from kith.foundation.drafts import actions, queries, registry
from kith.foundation.drafts.presenters import Drafting
from kith.foundation.screens import forms as gov
from kith.foundation.screens.charts import Limits, Point
from kith.foundation.screens.lists import Listing, page_asked_for
from kith.record.people.access import visible_to

TODAY = date(2026, 11, 20)
FORM, ABOUT = "gallery", "person:1"

PARTS = """{% extends "screens/layout.html" %}
{% from "screens/parts.html" import child_header, tag, table, summary, timeline, empty, count_link, counts, filters,
   pages, figure, details, inset, warning, back, crumbs, due, day, moment %}
{% block title %}Parts{% endblock %}
{% block before_content %}{{ crumbs([{"words": "Today", "url": "/"}, {"words": "Ayla", "url": "/x/"}]) }}{% endblock %}
{% block content %}
{{ child_header(child) }}
{{ counts(listings) }}
<p class="govuk-body">{{ count_link(listings[0]) }} visits, {{ moment(at) }}, {{ day(none) }}</p>
{% call filters("/gallery/parts/") %}
<div class="govuk-form-group"><label class="govuk-label" for="team">Team</label>
<select class="govuk-select" id="team" name="team"><option>All teams</option>
<option>Family Support 1</option></select></div>
{% endcall %}
{{ table(["Child", "What", "Due", "Days"], rows(due, today), "What is due", numeric=[3]) }}
{{ table(["Week", "A", "B", "C", "D", "E", "F"], wide, "A wide table", stacked=false) }}
{{ pages(found) }}
<h2 class="govuk-heading-m">Facts</h2>
{{ summary([("Name", "Ayla Khan"), {"key": "Worker", "value": {"words": "Grace", "url": "/w/"},
   "actions": [{"words": "Change", "url": "/c/"}]}]) }}
<h2 class="govuk-heading-m">Story</h2>
{{ timeline(entries) }}
{{ empty("Nothing is due. That is good news.", "/people/", "Find a person") }}
{% call details("Why is this due?") %}Counted from 7 May 2026.{% endcall %}
{% call inset() %}Something to know.{% endcall %}
{{ warning("Two workers must visit.") }}
<h2 class="govuk-heading-m">Chart</h2>
{{ figure("fig", "Decisions made the same day", points, limits, "%") }}
{{ figure("none", "Nothing yet", []) }}
{% endblock %}"""

FORM_PAGE = """{% extends "screens/layout.html" %}
{% from "screens/fields.html" import error_summary, field, fields %}
{% from "drafts/parts.html" import draft_note, draft_attributes, draft_fields, draft_bar %}
{% from "screens/parts.html" import back %}
{% block title %}Record a visit{% endblock %}
{% block before_content %}{{ back("/") }}{% endblock %}
{% block content %}
{{ error_summary([form, rows]) }}
<h1 class="govuk-heading-l">Record a visit</h1>
<form method="post" enctype="multipart/form-data" novalidate {{ draft_attributes(drafting) }}>
{{ csrf_input }}{{ draft_fields(drafting) }}{{ draft_note(drafting) }}
{{ field(form.on) }}{{ field(form.began, classes="govuk-input--width-5") }}
{{ field(form.seen, conditional={"no": field(form.why_not)}) }}
{{ field(form.where) }}{{ field(form.themes, hints={"school": "Or nursery"}) }}{{ field(form.said) }}
{{ field(form.told, small=true) }}{{ field(form.phone) }}{{ field(form.paper) }}{{ field(form.version) }}
<h2 class="govuk-heading-m">What we promise</h2>
{{ rows.management_form }}
<div id="promises">{% for row in rows %}<fieldset class="govuk-fieldset"><legend class="govuk-fieldset__legend">
Promise {{ loop.index }}</legend>{{ fields(row) }}</fieldset>{% endfor %}</div>
<template id="promise-row" data-prefix="{{ rows.prefix }}" data-into="promises"><fieldset class="govuk-fieldset">
<legend class="govuk-fieldset__legend">Promise __number__</legend>{{ fields(rows.empty_form) }}</fieldset></template>
<button type="submit" class="govuk-button govuk-button--secondary" name="add_row" value="promises"
 data-add-row="promise-row" data-module="govuk-button">Add another promise</button>
{{ draft_bar(drafting, save="Save visit") }}
</form>
{% endblock %}"""


class VisitForm(gov.GovForm):
    """Every kind of field there is."""

    missing = {"seen": "Say whether the child was seen"}

    on = gov.GovDateField(label="Date of visit", help_text="For example, 7 5 2026", latest=TODAY)
    began = gov.GovTimeField(label="Time it began", required=False)
    seen = gov.YesNoField(label="Was the child seen?")
    why_not = forms.CharField(label="Why not?", required=False)
    where = forms.ChoiceField(label="Where", choices=[("", "Choose"), ("home", "At home"), ("school", "At school")])
    themes = gov.ChecksField(label="What it was about", choices=[("school", "School"), ("health", "Health")])
    said = gov.LongTextField(label="What the child said", help_text="In their own words")
    told = forms.BooleanField(label="The child has been told what is recorded", required=False)
    phone = forms.CharField(label="Phone", required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    paper = forms.FileField(label="A photograph or a letter", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=1, required=False)


class PromiseForm(gov.GovForm):
    """One row of a formset."""

    what = forms.CharField(label="What", required=False)
    due = gov.GovDateField(label="By when", required=False)


Promises = forms.formset_factory(PromiseForm, extra=1)


class Saved:
    """The record that the gallery's form is about: a version, and one text."""

    version = 1
    values = {"said": "I like my new school.", "where": "home"}


def _show(request: Any, template: str, **context: Any) -> HttpResponse:
    return HttpResponse(engines.all()[0].from_string(template).render(context, request))


@opens_to_everyone
def parts(request: Any) -> HttpResponse:
    """Every part."""
    days = [TODAY - timedelta(days=60 - number) for number in range(60)]
    loud = {40: "below the lower limit", 41: "below the lower limit"}
    points = [Point(each, 70 if n in loud else 94 + n % 5, loud.get(n, ""), url="/x/") for n, each in enumerate(days)]
    child = {"name": "Ayla Khan", "url": "/c/", "age": "7 years old", "lines": ["Born 1 May 2019", "Child 10023"]}
    child["tags"] = [{"words": "Child protection plan", "colour": "orange"}]
    child["actions"] = [{"words": "Record a visit", "url": "/v/"}, {"words": "Hold a strategy meeting", "url": "/s/"}]
    entry = {"title": "Visit at home", "by": "Grace Adeyemi", "words": "She showed me her drawing.", "url": "/v/1/"}
    messages.success(request, "The visit has been saved.")
    return _show(
        request,
        PARTS,
        **{"child": child, "points": points, "limits": Limits(96, 90, 102), "today": TODAY, "at": timezone.now()},
        listings=[Listing("visits overdue", {"state": "late"}, 12, "/"), Listing("due today", {}, 1204, "/")],
        rows=_rows,
        wide=[["Week 1", *range(100000, 600001, 100000)]],
        found=page_asked_for(path="/", filters={"team": 3}, count=1000, asked="7"),
        entries=[
            {**entry, "on": TODAY},
            {**entry, "at": datetime(2026, 5, 7, 8, 30, tzinfo=UTC), "tag": {"words": "Late"}},
        ],
    )


def _rows(due: Any, today: date) -> list[list[Any]]:
    gaps = [-3, 0, 1, 8, 40]
    return [
        [{"words": "Ayla Khan", "url": "/c/"}, "Child protection visit", due(TODAY + timedelta(days=gap), today), gap]
        for gap in gaps
    ] + [
        ["Ben Khan", "Visit", due(TODAY, today, TODAY + timedelta(days=1)), 0],
        ["Cal", "Visit", due(None, today), None],
    ]


@opens_to("keep_drafts")
def visit(request: Any) -> HttpResponse:
    """A form with drafts and a version, as a real one is written."""
    draft = queries.draft_of(viewer=request.viewer, form=FORM, about=ABOUT)
    drafting = Drafting(form=FORM, about=ABOUT, title="Visit to Ayla Khan", back=request.get_full_path(), draft=draft)
    if request.method == "POST":
        form, rows = VisitForm(request.POST, request.FILES), Promises(request.POST, prefix="promises")
        if form.is_valid() and rows.is_valid():
            return _save(request, form)
    elif draft:
        form, rows = VisitForm.with_unsent(draft.body), gov.rows_with_unsent(Promises, draft.body, prefix="promises")
    else:
        form, rows = VisitForm(initial=Saved.values | {"version": Saved.version}), Promises(prefix="promises")
    return _show(request, FORM_PAGE, form=form, rows=rows, drafting=drafting)


def _save(request: Any, form: VisitForm) -> HttpResponse:
    clash = actions.check_version(
        viewer=request.viewer,
        form=FORM,
        about=ABOUT,
        posted_version=form.cleaned_data["version"],
        current_version=Saved.version,
        body=dict(request.POST.lists()),
        at=timezone.now(),
    )
    if clash is not None:
        return HttpResponse(status=302, headers={"Location": f"/drafts/clash/{clash.pk}/"})
    _saved(viewer=request.viewer, about=ABOUT, values={name: form.cleaned_data[name] for name in Saved.values})
    actions.drop(author=request.viewer.worker, form=FORM, about=ABOUT)
    return HttpResponse(status=302, headers={"Location": "/gallery/visit/"})


def _saved(*, viewer: Any, about: str, values: Any, at: Any = None) -> str:
    if "forbidden" in values["said"]:
        raise forms.ValidationError("That cannot be saved.")
    Saved.values, Saved.version = dict(values), Saved.version + 1
    return "/gallery/visit/"


def _current(*, viewer: Any, about: str) -> registry.Current | None:
    places = {"home": "At home", "school": "At school"}
    answers = (
        registry.Answer("said", "What the child said", Saved.values["said"], long=True),
        registry.Answer("where", "Where", Saved.values["where"], words=places),
    )
    return registry.Current(Saved.version, answers, "/gallery/visit/", by="Tom Whitlock") if about == ABOUT else None


registry.register(
    FORM,
    capability="record_visit",
    title=lambda *, viewer, about: "Visit to Ayla Khan",
    current=_current,
    save=_saved,
    may_see=lambda *, viewer, about: about != "person:barred",
)


@opens_to("see_child")
def child(request: Any, pk: int) -> HttpResponse:
    """A child's page, as any is opened: through visible_to, or not at all."""
    found = visible_to(request.viewer).filter(pk=pk).first()
    if found is None:
        raise Http404(f"no child {pk}")
    return HttpResponse(found.name)


@opens_to_everyone
def breaks(request: Any) -> HttpResponse:
    """A page that goes wrong."""
    raise RuntimeError("on purpose")


@opens_to("load_data")
def closed(request: Any) -> HttpResponse:
    """A page for data officers alone."""
    return HttpResponse("open")


urlpatterns = [
    *urls.urlpatterns,
    path("gallery/parts/", parts),
    path("gallery/visit/", visit),
    path("gallery/child/<int:pk>/", child),
    path("gallery/breaks/", breaks),
    path("gallery/closed/", closed),
]
handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500
