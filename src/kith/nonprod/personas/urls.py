"""The routes of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("", views.choose, name="personas"),
    path("<slug:key>/", views.become, name="become_persona"),
]
