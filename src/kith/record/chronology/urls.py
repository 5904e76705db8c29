"""The routes of a child's page."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

app_name = "chronology"

urlpatterns: list[URLPattern] = [
    path("looked/", views.looked_at_mine, name="looked_at_mine"),
    path("<int:pk>/", views.child, name="child"),
    path("<int:pk>/print/", views.printed, name="print"),
    path("<int:pk>/record/", views.record, name="record"),
    path("<int:pk>/record/<int:part>/significant/", views.significant, name="significant"),
    path("<int:pk>/looked/", views.looked, name="looked"),
    path("<int:pk>/story/", views.story, name="story"),
]
