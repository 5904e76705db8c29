"""Kith's routes with one more that needs a proof not older than five minutes, for the tests of that."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import path

from kith.config import urls
from kith.foundation.access.door import opens_to

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@opens_to("see_today", again=True)
def grave(request: Any) -> HttpResponse:
    """A sensitive act: says what it was sent."""
    return JsonResponse({"sent": dict(request.POST.lists())})


urlpatterns = [path("grave/", grave, name="grave"), *urls.urlpatterns]
