"""PDF files: how many pages, how large they become, and whether anything in them runs, fetches or hides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PdfReadError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from .refusal import SAVE_AGAIN, TAKE_CARE, Refusal

MOST_PAGES = 3_000
MOST_OBJECTS = 200_000
LARGEST = 200_000_000  # bytes of all its streams, opened
RUNS = ("/JavaScript", "/JS", "/Launch", "/RichMedia", "/XFA", "/SubmitForm", "/ImportData", "/GoToE")
PRINT = "Print it to a new PDF, and add that."


def examine(path: Path) -> dict[str, object]:
    """Refuse a PDF that is locked, a bomb, or carries something beside its pages."""
    try:
        reader = PdfReader(path, strict=False)
        if reader.is_encrypted:
            raise Refusal("The PDF is locked with a password.", mend="Save it without one, and add that.")
        _walk(reader)
        pages = len(reader.pages)
    except (MemoryError, RecursionError) as bomb:
        raise Refusal("The PDF is far larger inside than it should be.", mend=TAKE_CARE) from bomb
    except Refusal:
        raise
    except (PyPdfError, PdfReadError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError) as fault:
        raise Refusal("The PDF is damaged.", mend=SAVE_AGAIN) from fault
    if not 0 < pages <= MOST_PAGES:
        raise Refusal("The PDF has no pages, or more than a document has.", mend=SAVE_AGAIN)
    return {"pages": pages}


def _walk(reader: PdfReader) -> None:
    """Every object that can be reached from the document's root, each once."""
    seen: set[int] = set()
    todo: list[Any] = [reader.trailer]
    opened = 0
    while todo:
        here = todo.pop()
        if isinstance(here, IndirectObject):
            if here.idnum in seen:
                continue
            seen.add(here.idnum)
            here = here.get_object()
        if len(seen) > MOST_OBJECTS:
            raise Refusal("The PDF is far larger inside than it should be.", mend=TAKE_CARE)
        if isinstance(here, DictionaryObject):
            _check(here)
            opened += _size(here)
            todo.extend(here[key] if not hasattr(here, "raw_get") else here.raw_get(key) for key in here)
        elif isinstance(here, ArrayObject):
            todo.extend(list.__iter__(here))
        if opened > LARGEST:
            raise Refusal("The PDF is far larger inside than it should be.", mend=TAKE_CARE)


def _check(here: DictionaryObject) -> None:
    if any(key in here for key in RUNS) or str(here.get("/S", "")) in RUNS:
        raise Refusal("The PDF can run something when it is opened.", mend=PRINT)
    if "/EmbeddedFiles" in here or "/EF" in here or str(here.get("/Type", "")) == "/EmbeddedFile":
        raise Refusal("Another file is hidden in the PDF.", mend=f"Take it out and add it by itself. {PRINT}")


def _size(here: DictionaryObject) -> int:
    """How large a stream becomes. Pictures are not unpacked: their own size is what they say."""
    if not isinstance(here, StreamObject):
        return 0
    if here.get("/Subtype") == "/Image":
        return int(here.get("/Width", 0)) * int(here.get("/Height", 0))
    return len(here.get_data())
