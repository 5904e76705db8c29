"""A client that is signed in by force has proved who it is, as somebody at the sign-in page would have."""

from __future__ import annotations


def prove_by_force() -> None:
    """From now on, in this process: a real request is known by its method, and proves for itself."""
    from django.contrib.auth.signals import user_logged_in
    from django.http import HttpRequest
    from django.utils import timezone

    from kith.foundation.access.proof import post_of
    from kith.foundation.access.viewer import viewer_for

    def has_proved(request: HttpRequest, user: object, **_: object) -> None:
        if "REQUEST_METHOD" not in request.META:  # no real request is without one
            request.session["post"] = post_of(viewer_for(user))
            request.session["proof"] = {"how": "password and code", "at": timezone.now().isoformat()}

    user_logged_in.connect(has_proved, weak=False, dispatch_uid="signed-in-by-force")
