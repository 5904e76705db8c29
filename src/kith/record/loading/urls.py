"""The routes of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("", views.every, name="loads"),
    path("upload/", views.upload, name="upload"),
    path("<int:load>/", views.one, name="load"),
    path("<int:load>/how-far/", views.how_far, name="how_far"),
]
