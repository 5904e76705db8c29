"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "measures"
urlpatterns = [
    path("", views.listed, name="list"),
    path("<slug:key>/", views.measure, name="measure"),
    path("<slug:key>/children/", views.children, name="children"),
]
