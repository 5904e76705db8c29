"""The template environment: every app's templates, the GOV.UK components, and the words and links that pages use."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader

from .charts import chart
from .forms import errors_of, shape_of
from .lists import address
from .navigation import places
from .words import FILTERS


def environment(**options: Any) -> Environment:
    """The one environment. A template is found as `<app>/<name>.html` under that app's templates folder."""
    folders = [f"{config.path}/templates" for config in apps.get_app_configs() if config.name.startswith("kith.")]
    options["loader"] = ChoiceLoader(
        [
            FileSystemLoader(folders),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    env = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - Django passes autoescape=True, and a test holds it
    env.globals.update(static=static, url=reverse, address=address, chart=chart)
    env.globals.update(shape_of=shape_of, errors_of=errors_of, places=places, messages_of=get_messages)
    env.globals.update(authority=settings.AUTHORITY, invented=apps.is_installed("kith.nonprod.personas"))
    env.globals.update(council=settings.COUNCIL["name"] if settings.COUNCIL else "", dormant_days=settings.DORMANT_DAYS)
    env.filters.update(FILTERS)
    return env
