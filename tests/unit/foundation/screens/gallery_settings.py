"""Kith's own settings, with the gallery among its pages."""

from __future__ import annotations

from kith.config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.unit.foundation.screens.gallery"
