"""The routes of this app. Finding a person is at the same path, in chronology."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import granting, restrictions, views

app_name = "people"

urlpatterns: list[URLPattern] = [
    path("<int:pk>/barred/", views.barred, name="barred"),
    path("my-relatives/", views.my_relatives, name="relatives"),
    path("<int:pk>/access/", granting.access, name="access"),
    path("<int:pk>/access/give/", granting.give, name="give_access"),
    path("<int:pk>/access/end/", granting.end, name="end_access"),
    path("<int:pk>/restrictions/", restrictions.restrictions, name="restrictions"),
    path("<int:pk>/restrictions/put/", restrictions.put, name="restrict"),
    path("<int:pk>/restrictions/end/", restrictions.end, name="end_restriction"),
    path("<int:pk>/restrictions/name/", restrictions.name, name="name"),
    path("<int:pk>/restrictions/unname/", restrictions.unname, name="unname"),
]
