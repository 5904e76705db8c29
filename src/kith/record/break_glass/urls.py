"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "break_glass"

urlpatterns = [
    path("", views.not_found_by_search, name="exact"),
    path("<int:pk>/", views.open_record, name="open"),
    path("to-look-at/", views.to_look_at, name="list"),
    path("to-look-at/<int:pk>/", views.look, name="look"),
]
