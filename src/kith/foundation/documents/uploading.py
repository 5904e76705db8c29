"""Files that a page takes for a job to read: the box for them, what is checked at once, the folder they wait in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from kith.statutory.returns.annex_a.bombs import LARGEST_OPENED

from .checking import examine_archive
from .refusal import Refusal

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
        if not chosen and self.required:
            raise forms.ValidationError(self.error_messages["required"])
        for each in chosen:
            if not each.size:
                raise forms.ValidationError(f"{each.name} is empty. Choose the file again, or leave it out")
            _check_inside(each)
        return list(chosen)


def how_much() -> str:
    """How much may be sent at once, in words."""
    return f"Up to {settings.UPLOAD_LIMIT // 1024**2} MB at once."


def keep(folder: Path, files: Iterable[UploadedFile]) -> list[Path]:
    """Put the files into a folder under their own names; two of one name are both kept."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = []
    for number, each in enumerate(files, 1):
        name = Path(each.name or "file").name
        path = folder / name if not (folder / name).exists() else folder / f"{number}-{name}"
        with path.open("wb") as out:
            for chunk in each.chunks():
                out.write(chunk)
        kept.append(path)
    return kept


def told(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Name, size in bytes and SHA-256 of each file; a folder stands for the files in it."""
    return [{"name": path.name, "bytes": path.stat().st_size, "sha256": _digest(path)} for path in _files(paths)]


def named(files: Iterable[Mapping[str, Any]]) -> str:
    """The names of files, in a line."""
    return ", ".join(str(each.get("name", "")) for each in files)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.iterdir() if each.is_file())
        else:
            yield path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
