"""The routes of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

app_name = "freeze_frame"

urlpatterns: list[URLPattern] = [path("<int:pk>/as-known/", views.as_known, name="as_known")]
