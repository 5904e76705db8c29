"""The routes of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import again, second, views

urlpatterns: list[URLPattern] = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/passkey/ask/", views.passkey_ask, name="passkey_ask"),
    path("sign-in/passkey/", views.passkey, name="passkey"),
    path("sign-in/second/", second.second_proof, name="second_proof"),
    path("sign-in/second/passkey/ask/", second.second_passkey_ask, name="second_passkey_ask"),
    path("sign-in/second/passkey/", second.second_passkey, name="second_passkey"),
    path("sign-in/enrol/", second.enrol, name="enrol"),
    path("sign-in/enrol/app/", second.enrol_app, name="enrol_app"),
    path("sign-in/enrol/passkey/ask/", second.enrol_passkey_ask, name="enrol_passkey_ask"),
    path("sign-in/enrol/passkey/", second.enrol_passkey, name="enrol_passkey"),
    path("sign-in/again/", again.sign_in_again, name="sign_in_again"),
    path("sign-in/again/passkey/ask/", again.again_passkey_ask, name="again_passkey_ask"),
    path("sign-in/again/passkey/", again.again_passkey, name="again_passkey"),
    path("sign-in/again/send/", again.send_held, name="send_held"),
    path("sign-out/", views.sign_out, name="sign_out"),
]
