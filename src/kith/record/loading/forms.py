"""The form that uploads files."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from kith.foundation.documents.checking import examine_archive
from kith.foundation.documents.refusal import Refusal
from kith.foundation.screens.forms import GovForm
from kith.statutory.returns.annex_a.workbook import LARGEST_OPENED

ARCHIVE = b"PK\x03\x04"


class SeveralFiles(forms.FileInput):
    """A box that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each of them checked; an empty one is named."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files chosen."""
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        if not chosen:
            raise forms.ValidationError(self.error_messages["required"])
        for each in chosen:
            if not each.size:
                raise forms.ValidationError(f"{each.name} is empty. Choose the file again, or leave it out")
            _check_inside(each)
        return list(chosen)


def _check_inside(each: UploadedFile) -> None:
    """A workbook is an archive: what it would become is known before anything unpacks it."""
    begins = each.read(len(ARCHIVE))
    each.seek(0)
    if begins != ARCHIVE:
        return
    with NamedTemporaryFile(prefix="kith-") as copy:
        for chunk in each.chunks():
            copy.write(chunk)
        copy.flush()
        each.seek(0)
        try:
            examine_archive(Path(copy.name), unpacked=LARGEST_OPENED)
        except Refusal as refusal:
            raise forms.ValidationError(f"{each.name}: {refusal}") from refusal


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
        self.fields["files"].help_text += f" Up to {settings.UPLOAD_LIMIT // 1024**2} MB at once."
