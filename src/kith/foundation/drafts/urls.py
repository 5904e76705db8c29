"""The routes of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("", views.drafts, name="drafts"),
    path("throw-away/", views.throw_away, name="throw_away_draft"),
    path("clash/<int:pk>/", views.clash, name="clash"),
]
