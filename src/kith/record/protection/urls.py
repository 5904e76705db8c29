"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "protection"
urlpatterns = [
    path("", views.meetings_list, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.meeting, name="meeting"),
    path("<int:pk>/save/", views.save, name="save"),
    path("<int:pk>/add/", views.add, name="add"),
    path("<int:pk>/sent/", views.circulated, name="circulated"),
    path("<int:pk>/not-held/", views.not_held, name="not_held"),
]
