"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "grown_ups"

urlpatterns = [
    path("", views.listed, name="list"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/looked/", views.looked, name="looked"),
    path("allegations/new/", views.allegation, name="allegation"),
    path("supervision/new/", views.supervision, name="supervision"),
]
