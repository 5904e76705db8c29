"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "deadlines"

urlpatterns = [
    path("", views.listed, name="list"),
    path("<int:pk>/why/", views.why, name="why"),
    path("<int:pk>/late/", views.late, name="late"),
]
