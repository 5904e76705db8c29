"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from . import feed_views, views

app_name = "worklists"

urlpatterns = [
    path("", views.today, name="today"),
    path("calendar/", feed_views.mine, name="calendar"),
    path("calendar/make/", feed_views.make, name="make_calendar"),
    path("calendar/end/", feed_views.end, name="end_calendar"),
    path("calendar/feed/<str:secret>.ics", feed_views.feed, name="feed"),
    path("team/", views.teams_page, name="teams"),
    path("team/<int:pk>/", views.team_page, name="team"),
    path("now/<slug:kind>/", views.running, name="running"),
]
