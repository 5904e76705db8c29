"""The URL map: each app's routes under its own path."""

from __future__ import annotations

from django.apps import apps
from django.urls import include, path

urlpatterns = [
    path("", include("kith.oversight.worklists.urls")),
    path("", include("kith.foundation.screens.urls")),
    path("", include("kith.foundation.accounts.urls")),
    path("drafts/", include("kith.foundation.drafts.urls")),
    path("", include("kith.record.duplicates.urls")),
    path("people/", include("kith.record.chronology.people_urls")),
    path("people/", include("kith.record.people.urls")),
    path("people/", include("kith.record.personal_details.urls")),
    path("periods/", include("kith.record.period_forms.urls")),
    path("emergency/", include("kith.record.break_glass.urls")),
    path("people/", include("kith.record.freeze_frame.urls")),
    path("children/", include("kith.record.chronology.urls")),
    path("grown-ups/", include("kith.record.grown_ups.urls")),
    path("", include("kith.record.documents.urls")),
    path("work/", include("kith.record.steps.urls")),
    path("visits/", include("kith.record.visits.urls")),
    path("record-work/", include("kith.record.plain_work.urls")),
    path("meetings/", include("kith.record.meetings.urls")),
    path("strategy-meetings/", include("kith.record.protection.urls")),
    path("adoption/", include("kith.record.adoption.urls")),
    path("promises/", include("kith.record.promises.urls")),
    path("deadlines/", include("kith.record.deadlines.urls")),
    path("loads/", include("kith.record.loading.urls")),
    path("controls/", include("kith.oversight.controls.urls")),
    path("returns/", include("kith.oversight.returns.urls")),
    path("measures/", include("kith.oversight.measures.urls")),
]

handler400 = "kith.foundation.screens.views.too_much"
handler403 = "kith.foundation.screens.views.forbidden"
handler404 = "kith.foundation.screens.views.not_found"
handler500 = "kith.foundation.screens.views.broken"

if apps.is_installed("kith.nonprod.personas"):
    urlpatterns.append(path("personas/", include("kith.nonprod.personas.urls")))
