"""The routes of this app. Adding a person is beside finding one."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

app_name = "duplicates"

urlpatterns: list[URLPattern] = [
    path("people/new/", views.add, name="add"),
    path("duplicates/", views.likely, name="list"),
    path("duplicates/<int:one>/<int:other>/", views.pair, name="pair"),
    path("duplicates/link/<int:pk>/", views.link, name="link"),
]
