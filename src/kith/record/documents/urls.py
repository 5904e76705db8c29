"""The routes of a child's documents."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

app_name = "documents"

urlpatterns: list[URLPattern] = [
    path("children/<int:pk>/documents/", views.listed, name="list"),
    path("children/<int:pk>/documents/add/", views.add, name="add"),
    path("documents/<int:pk>/", views.one, name="one"),
    path("documents/<int:pk>/open/", views.opens, name="open"),
    path("documents/<int:pk>/replace/", views.replace, name="replace"),
]
