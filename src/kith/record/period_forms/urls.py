"""The route of this app."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "period_forms"

urlpatterns = [
    path("<int:pk>/change/", views.change, name="change"),
]
