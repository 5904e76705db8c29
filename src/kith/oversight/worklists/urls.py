"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "worklists"

urlpatterns = [
    path("", views.today, name="today"),
    path("team/", views.teams_page, name="teams"),
    path("team/<int:pk>/", views.team_page, name="team"),
    path("now/<slug:kind>/", views.running, name="running"),
]
