"""The Django app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PeopleConfig(AppConfig):
    """Children, their families, names, homes and workers."""

    name = "kith.record.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how pages link to a person, so that the history can tell whom a page named; keep the second wall."""
        from kith.foundation.access.shown import people_are_linked_by

        people_are_linked_by(r'(?:href|action)="/(?:children|people)/(\d{1,18})/')
        people_are_linked_by(r'href="[^"]*[?;]child=(\d{1,18})["&]')
        post_migrate.connect(_install, dispatch_uid="kith-wall", sender=self)


def _install(**_: Any) -> None:
    from . import wall

    wall.install()
