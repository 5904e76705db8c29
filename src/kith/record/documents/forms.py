"""What is said when a document is added, or another put in its place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from kith.foundation.screens.forms import GovDateField, GovForm, LongTextField

from .actions import Said
from .words import KINDS


class DocumentForm(GovForm):
    """The file, and what it is."""

    missing = {
        "file": "Choose the file",
        "kind": "Choose what it is",
        "about": "Say what it is, in a sentence",
        "dated_on": "Give the day on the document",
    }
    file = forms.FileField(label="The file", max_length=255)
    kind = forms.ChoiceField(label="What is it?", choices=[("", "Choose"), *KINDS.items()])
    dated_on = GovDateField(label="What day is on it?", help_text="The document’s own day. For example, 7 5 2026.")
    about = LongTextField(
        label="What is it, in a sentence?",
        help_text="Who it is from and what it is about, so that the next worker need not open it to know.",
        rows=2,
        max_length=1000,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        most = settings.DOCUMENT_LIMIT // 1024**2
        self.fields["file"].help_text = (
            f"A PDF, Word document, workbook, picture or text, up to {most} MB. Kith takes out of a photograph "
            "where and with what it was taken."
        )
        self.fields["file"].error_messages["empty"] = "The file is empty. Choose it again"

    @property
    def said(self) -> Said:
        """What was said of the document."""
        given = self.cleaned_data
        return Said(kind=given["kind"], dated_on=given["dated_on"], about=given["about"])


class ReplaceForm(DocumentForm):
    """The same, and why."""

    why = LongTextField(label="Why does it take the other’s place?", rows=2, max_length=1000)
