"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "plain_work"

urlpatterns = [
    path("", views.choose, name="choose"),
    path("<slug:key>/new/", views.new, name="new"),
    path("<int:pk>/change/", views.change, name="change"),
]
