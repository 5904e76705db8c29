"""The routes of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import answering, child_views, duty_views, readiness_views, version_views, views

app_name = "returns"
urlpatterns: list[URLPattern] = [
    path("", views.every, name="list"),
    path("check/", views.check, name="check"),
    path("check/across/", views.across, name="across"),
    path("checks/<int:pk>/", views.one, name="one"),
    path("checks/<int:pk>/how-far/", views.how_far, name="how_far"),
    path("checks/<int:pk>/issues/", views.issues, name="issues"),
    path("checks/<int:pk>/children/", views.children, name="children"),
    path("checks/<int:pk>/rules/", views.rules, name="rules"),
    path("checks/<int:pk>/download/<slug:key>/", views.download, name="download"),
    path("checks/<int:pk>/take-away/", views.take_away, name="take_away"),
    path("checks/<int:pk>/issues/<int:part>/", answering.issue, name="issue"),
    path("checks/<int:pk>/issues/<int:part>/answer/", answering.answer, name="answer"),
    path("checks/<int:pk>/issues/<int:part>/withdraw/", answering.withdraw, name="withdraw"),
    path("due/", duty_views.due, name="due"),
    path("due/add/<slug:key>/", duty_views.add, name="add_duty"),
    path("due/<int:pk>/", duty_views.duty, name="duty"),
    path("due/<int:pk>/done/", duty_views.done, name="duty_done"),
    path("due/<int:pk>/mistaken/", duty_views.mistaken, name="duty_mistaken"),
    path("readiness/", readiness_views.ready, name="readiness"),
    path("readiness/<slug:key>/", readiness_views.unready, name="unready"),
    path("children/<int:pk>/", child_views.child, name="child"),
    path("children/<int:pk>/now/", child_views.now, name="child_now"),
    path("versions/", version_views.every, name="versions"),
    path("versions/build/", version_views.build, name="build"),
    path("versions/<int:pk>/", version_views.version, name="version"),
    path("versions/<int:pk>/how-far/", version_views.how_far, name="version_how_far"),
    path("versions/<int:pk>/tables/<int:part>/", version_views.table, name="table"),
    path("versions/<int:pk>/files/<int:part>/", version_views.file, name="version_file"),
    path("versions/<int:pk>/sign/", version_views.sign, name="sign"),
]
