"""The routes of this app. Finding a person is at the same path, in chronology."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

app_name = "people"

urlpatterns: list[URLPattern] = [path("<int:pk>/barred/", views.barred, name="barred")]
