"""The route of this app, beside those of people."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "personal_details"

urlpatterns = [
    path("<int:pk>/details/", views.change, name="change"),
]
