"""The routes of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

app_name = "adoption"

urlpatterns: list[URLPattern] = [
    path("", views.sealed, name="sealed"),
    path("order/", views.order, name="order"),
    path("links/<str:reference>/", views.link, name="link"),
    path("links/<str:reference>/ask/", views.ask, name="ask"),
    path("links/<str:reference>/answer/", views.answer, name="answer"),
    path("links/<str:reference>/look/", views.look, name="look"),
]
