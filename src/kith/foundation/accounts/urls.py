"""The routes of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import again, views

urlpatterns: list[URLPattern] = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/again/", again.sign_in_again, name="sign_in_again"),
    path("sign-in/again/send/", again.send_held, name="send_held"),
    path("sign-out/", views.sign_out, name="sign_out"),
]
