"""The routes of this app. Finding a person is at the same path, in chronology."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import restrictions, views

app_name = "people"

urlpatterns: list[URLPattern] = [
    path("<int:pk>/barred/", views.barred, name="barred"),
    path("<int:pk>/restrictions/", restrictions.restrictions, name="restrictions"),
    path("<int:pk>/restrictions/put/", restrictions.put, name="restrict"),
    path("<int:pk>/restrictions/end/", restrictions.end, name="end_restriction"),
    path("<int:pk>/restrictions/name/", restrictions.name, name="name"),
    path("<int:pk>/restrictions/unname/", restrictions.unname, name="unname"),
]
