"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from . import local_views, views

app_name = "deadlines"

urlpatterns = [
    path("", views.listed, name="list"),
    path("<int:pk>/why/", views.why, name="why"),
    path("<int:pk>/late/", views.late, name="late"),
    path("<int:pk>/not-required/", views.not_required, name="not_required"),
    path("timescales/", local_views.timescales, name="timescales"),
    path("timescales/<slug:key>/", local_views.timescale, name="timescale"),
    path("timescales/<slug:key>/change/", local_views.change, name="change_timescale"),
]
