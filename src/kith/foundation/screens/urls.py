"""The routes of this app: the pages the footer leads to."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("about/accessibility/", views.accessibility, name="accessibility"),
    path("about/what-kith-records/", views.what_is_kept, name="what_is_kept"),
]
