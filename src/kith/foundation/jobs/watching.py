"""The door for pages that watch a job: they only read, in no transaction, so that they answer while the job writes."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache

from kith.foundation.access.door import View, actor_for, keep_refusal, viewer_at


def watches(capability: str) -> Any:
    """Only those whose role may do `capability` come in. Nobody acts: a write inside is refused by the database.

    On SQLite a page in a transaction of its own would wait until a job's transaction ends, which may be half a minute.
    """

    def wrap(view: View) -> View:
        @never_cache
        @wraps(view)
        def at_the_door(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            request.viewer = viewer_at(request)
            if request.viewer.worker is None:
                return redirect_to_login(request.get_full_path())
            if not request.viewer.may(capability):
                keep_refusal(request, actor_for(request.viewer, request), decision="role")
                raise PermissionDenied(capability)
            try:
                return view(request, *args, **kwargs)
            except (Http404, PermissionDenied) as refusal:
                keep_refusal(request, actor_for(request.viewer, request), decision="", refusal=refusal)
                raise

        at_the_door.opens_to = capability  # type: ignore[attr-defined]
        return at_the_door

    return wrap
