"""Finding a person: it stands here, above the people, because a person found shows what is open for them."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [path("", views.people, name="people")]
