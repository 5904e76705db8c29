"""The commands of the service: they join the core's when Django is installed."""

from __future__ import annotations

import os
from importlib import import_module

import click

# Each module has `commands`, a list of click commands. They import Django's models only when they run.
WITH_COMMANDS = [
    "kith.config.serving",
    "kith.config.demo",
    "kith.config.keys",
    "kith.config.history",
    "kith.record.loading.commands",
    "kith.record.extracting.commands",
    "kith.record.duplicates.commands",
    "kith.record.documents.commands",
    "kith.oversight.controls.commands",
]


def register(main: click.Group) -> None:
    """Add the service's commands to `main`."""
    import django  # noqa: F401 - without it the core's commands are all there are

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kith.config.settings")
    for name in WITH_COMMANDS:
        for command in import_module(name).commands:
            main.add_command(command)
