"""The story so far: steps and periods as one run of entries, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from kith.foundation.screens.words import nice_date
from kith.record.period_forms.kinds import KINDS
from kith.record.periods.models import Period
from kith.record.steps.kinds import kind

from .queries import Event, Reads
from .words import began_words, end_words, words_for

WEIGHTY = ("cp_plan", "care", "missing", "care_leaver", "pre_proceedings", "legal_status", "home")
UNTOLD = ("care_episode",)  # its legal status and its home tell it
PERIOD = "period:"


@dataclass(frozen=True)
class Entry:
    """One entry: a step's part, or the beginning of a period. `part` is 0 for a period."""

    on: date | None
    kind: str  # what the filter of the full record chooses by
    title: str
    words: str
    by: str
    significant: bool
    part: int = 0
    step: int = 0
    cancelled: bool = False
    version: int = 0  # of the part
    period: int = 0  # of a period that has a form: its number

    @property
    def url(self) -> str:
        """The step's own page; a period has none."""
        return reverse("steps:page", args=[self.kind, self.step]) if self.step else ""

    @property
    def tag(self) -> dict[str, str] | None:
        """A word beside the title, where there is one to say."""
        return {"words": "Did not go ahead", "colour": "grey"} if self.cancelled else None


def events_of(reads: Reads) -> list[Entry]:
    """Every entry of the story, newest first."""
    found = [_of_step(each) for each in reads.events]
    conferences = {each.on for each in reads.events if each.kind == "conference"}
    found += [_of_period(each, conferences) for each in reads.periods if each.kind not in UNTOLD]
    return sorted(found, key=lambda each: (each.on or date.min, each.part), reverse=True)


def _of_step(each: Event) -> Entry:
    of = kind(each.kind)
    outcome = of.outcome_words(each.outcome) if each.outcome else ""
    said = [outcome] if outcome or each.counts else ["not seen" if each.kind == "visit" else "does not count"]
    if each.done_on and each.on and each.done_on > each.on:
        said.append(f"finished {nice_date(each.done_on)}")
    sentence = ", ".join(part for part in said if part)
    return Entry(
        on=each.on,
        kind=each.kind,
        title=of.title(each.code),
        words=_joined(each.impact, sentence),
        by=each.worker,
        significant=each.significant and each.cancelled_on is None,
        part=each.pk,
        step=each.step,
        cancelled=each.cancelled_on is not None,
        version=each.version,
    )


def _of_period(each: Period, conferences: set[date | None]) -> Entry:
    """A period's beginning. A plan that a conference made that day is told by the conference in the short story."""
    until = ""
    if each.ended_on:
        why = end_words(each.kind, each.end_reason)
        until = f"until {nice_date(each.ended_on)}{f' ({why})' if why else ''}"
    return Entry(
        on=each.started_on,
        kind=f"{PERIOD}{each.kind}",
        title=began_words(each.kind, each.code),
        words=until[:1].upper() + until[1:],
        by="",
        significant=each.kind in WEIGHTY and not (each.kind == "cp_plan" and each.started_on in conferences),
        period=each.pk if each.kind in KINDS else 0,
    )


def started(each: Period) -> str:
    """A period as a line: its name and what it is about."""
    about = {"cp_plan": "abuse", "legal_status": "legal", "need": "need"}.get(each.kind)
    if each.kind == "legal_status":
        return f"{words_for('legal', each.code) if each.code else 'Legal status'} since {nice_date(each.started_on)}"
    name = words_for("period", each.kind)
    return f"{name}, for {words_for(about, each.code)}" if about and each.code else name


def kinds_in(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    """The kinds that these entries are of, for the filter, by name."""
    found = {
        each.kind: words_for("period", each.kind.removeprefix(PERIOD))
        if each.kind.startswith(PERIOD)
        else kind(each.kind).plural
        for each in entries
    }
    return sorted(found.items(), key=lambda pair: pair[1])


def _joined(impact: str, sentence: str) -> str:
    plain = sentence[:1].upper() + sentence[1:]
    return "\n".join(part for part in (impact.strip(), plain) if part)
