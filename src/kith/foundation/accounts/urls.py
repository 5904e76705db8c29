"""The routes of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import again, council, first, keeping, mine, second, views

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
    path("sign-in/stay/", mine.stay, name="stay"),
    path("sign-in/left/", mine.left, name="left"),
    path("account/", mine.my_account, name="my_account"),
    path("account/password/", mine.my_password, name="my_password"),
    path("account/app/", mine.my_app, name="my_app"),
    path("account/codes/", mine.my_codes, name="my_codes"),
    path("account/passkeys/", mine.my_passkeys, name="my_passkeys"),
    path("account/passkeys/ask/", mine.my_passkey_ask, name="my_passkey_ask"),
    path("account/passkeys/<int:pk>/take-away/", mine.take_passkey_away, name="take_passkey_away"),
    path("account/sessions/end/", mine.end_session, name="end_session"),
    path("sign-in/council/", council.council, name="council"),
    path("sign-in/council/<slug:provider_id>/", council.back, name="openid_connect_callback"),
    path("sign-in/first/<str:named>/<str:token>/", first.first_password, name="first_password"),
    path("accounts/", keeping.accounts, name="accounts"),
    path("accounts/new/", keeping.new_worker, name="new_worker"),
    path("accounts/<int:pk>/", keeping.worker_page, name="account_of"),
    path("accounts/<int:pk>/open/", keeping.open_account, name="open_account"),
    path("accounts/<int:pk>/close/", keeping.close_account, name="close_account"),
    path("accounts/<int:pk>/link/", keeping.new_link, name="new_link"),
    path("accounts/<int:pk>/begin-anew/", keeping.begin_anew, name="begin_anew"),
    path("accounts/<int:pk>/posts/", keeping.give_post, name="give_post"),
    path("accounts/posts/<int:pk>/end/", keeping.end_post, name="end_post"),
    path("accounts/teams/", keeping.teams, name="teams"),
    path("accounts/teams/new/", keeping.team, name="new_team"),
    path("accounts/teams/<int:pk>/", keeping.team, name="team_of"),
    path("sign-out/", views.sign_out, name="sign_out"),
]
