"""The routes of this app."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "promises"
urlpatterns = [
    path("", views.promises, name="list"),
    path("<int:pk>/", views.promise, name="promise"),
    path("new/", views.new, name="new"),
    path("<int:pk>/change/", views.change, name="change"),
    path("<int:pk>/done/", views.done, name="done"),
    path("<int:pk>/drop/", views.drop, name="drop"),
    path("<int:pk>/again/", views.again, name="again"),
]
