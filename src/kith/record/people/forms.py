"""The form that says who is barred from a record."""

from __future__ import annotations

from typing import Any

from django import forms

from kith.foundation.access.models import Account, Worker
from kith.foundation.screens.forms import GovForm, LongTextField


class BarForm(GovForm):
    """A worker, by work e-mail or full name, and why."""

    missing = {"worker": "Enter the worker’s e-mail address or full name", "reason": "Say why this worker is barred"}

    worker = forms.CharField(label="Work e-mail address or full name", max_length=300)
    reason = LongTextField(label="Why", help_text="For example: she is this child’s aunt.", rows=3)

    def clean_worker(self) -> Worker:
        """The one worker meant; two of one name are told apart by e-mail."""
        typed = self.cleaned_data["worker"].strip()
        account = Account.objects.filter(email__iexact=typed).select_related("worker").first()
        found: list[Any] = [account.worker] if account else list(Worker.objects.filter(name__iexact=typed)[:2])
        if len(found) != 1:
            many = "More than one worker has that name: enter the e-mail address"
            raise forms.ValidationError(many if found else "Nobody who works here has that e-mail address or name")
        return found[0]  # type: ignore[no-any-return]
