"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "controls"
urlpatterns = [
    path("", views.controls, name="list"),
    path("<slug:key>/", views.control, name="control"),
    path("<slug:key>/children/", views.children, name="children"),
]
