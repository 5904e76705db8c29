"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "visits"

urlpatterns = [
    path("new/", views.new, name="new"),
    path("<int:pk>/change/", views.change, name="change"),
]
