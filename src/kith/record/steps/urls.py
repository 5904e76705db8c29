"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "steps"

urlpatterns = [
    path("", views.listed, name="list"),
    path("<slug:key>/", views.listed, name="kind"),
    path("<slug:key>/<int:pk>/", views.page, name="page"),
    path("<slug:key>/<int:pk>/print/", views.printed, name="print"),
    path("<slug:key>/<int:pk>/complete/", views.complete, name="complete"),
    path("<slug:key>/<int:pk>/answer/", views.answer, name="answer"),
    path("<slug:key>/<int:pk>/cancel/", views.cancel, name="cancel"),
]
