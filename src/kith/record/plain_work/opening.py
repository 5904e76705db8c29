"""The period that work opens, such as the need that begins with a referral: put beside it, and taken back."""

from __future__ import annotations

from kith.foundation.access.models import Worker
from kith.record.periods.actions import void_period
from kith.record.periods.models import Period
from kith.record.steps.models import Part, Step
from kith.vocabulary.errors import KithError

from .kinds import PlainKind
from .told import told_kinds


def ref_of_opened(of: PlainKind, part_ref: str) -> str:
    """The ref of the period that this part opens: its own id, so that one row of the dataset holds both."""
    return f"{of.opens}:{part_ref.partition(':')[2]}"


def taken_back(step: Step, by: Worker) -> None:
    """With work that is cancelled goes the period that it opened, unless other work stands under it."""
    for part in step.parts.all():
        ref = part.span
        beneath = Part.objects.filter(span=ref, step__cancelled_on=None).exclude(step=step)
        if ref and (beneath.exists() or Period.objects.filter(parent=ref, voided_at=None).exists()):
            raise KithError(
                "Other work stands under this.", mend="Cancel that first, or close the case instead of cancelling."
            )
        if told_kinds()[step.kind].opens:
            void_period(ref=ref)
