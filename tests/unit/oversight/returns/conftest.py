"""Where the files of these tests go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def places(settings: Any, tmp_path: Path) -> Path:
    """Folders of their own for uploads, documents and progress."""
    settings.UPLOADS, settings.DOCUMENTS = tmp_path / "uploads", tmp_path / "documents"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path / "cache"}
    }
    return tmp_path
