"""The form that uploads files."""

from __future__ import annotations

from typing import Any

from kith.foundation.documents.uploading import FilesField, how_much
from kith.foundation.screens.forms import GovForm


class UploadForm(GovForm):
    """Which files to load."""

    missing = {"files": "Choose the files to load"}
    files = FilesField(
        label="Files to load",
        help_text="All the CSV files of an extract together, or one census file, or one workbook. "
        "Kith sees from what is in them which they are.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["files"].help_text += f" {how_much()}"
