"""The template environment: every app's templates, the GOV.UK components, and the words and links that pages use."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader


def environment(**options: Any) -> Environment:
    """The one environment. A template is found as `<app>/<name>.html` under that app's templates folder."""
    folders = [f"{config.path}/templates" for config in apps.get_app_configs() if config.name.startswith("kith.")]
    options["loader"] = ChoiceLoader(
        [
            FileSystemLoader(folders),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    env = Environment(trim_blocks=True, lstrip_blocks=True, **options)
    env.globals.update(static=static, url=reverse)
    return env
