"""Drafts and clashes as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.http import url_has_allowed_host_and_scheme

from kith.foundation.history.actor import current
from kith.foundation.sealing import CannotOpen

from .authors import named_author
from .models import Draft
from .registry import Answer, Current, Values

JOIN = "\n\n"
CLOSED = "A draft about a record that is no longer open to you"
SPOILT = "A draft that cannot be read: it was altered, or the key it was sealed with is gone"


@dataclass(frozen=True)
class Drafting:
    """What a page needs so that its form is kept while it is typed: hand it to the macros of drafts/parts.html.

    `back` is the address that opens the form again; `draft` is the viewer's own, when the form was filled from one.
    """

    form: str
    about: str
    title: str
    back: str
    draft: Draft | None = None

    @property
    def author(self) -> str:
        """Who is writing, under a seal: what is sent after the session has ended is kept for that account alone."""
        actor = current()
        return named_author(author=actor.worker, form=self.form, about=self.about) if actor and actor.worker else ""


@dataclass(frozen=True)
class Kept:
    """One line of "My drafts"."""

    pk: int
    title: str
    url: str
    saved_at: datetime
    words: str


def kept(draft: Draft, *, named: bool = True) -> Kept:
    """A draft with its name, the way back to its form, and how it begins; none of them when it may not be named."""
    if not named:
        return Kept(pk=draft.pk, title=CLOSED, url="", saved_at=draft.saved_at, words="")
    try:
        body = draft.body
    except CannotOpen:
        return Kept(pk=draft.pk, title=SPOILT, url="", saved_at=draft.saved_at, words="")
    url = safe_back(_first(body, "draft_back"))
    title = _first(body, "draft_title") or draft.form.replace("_", " ").replace("-", " ").capitalize()
    return Kept(pk=draft.pk, title=title, url=url, saved_at=draft.saved_at, words=_longest(body))


def safe_back(wanted: str) -> str:
    """The way back to a form: only ever a page of this service."""
    own = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if own else ""


def _first(body: Mapping[str, list[str]], name: str) -> str:
    return (body.get(name) or [""])[0]


def _longest(body: Mapping[str, list[str]], most: int = 120) -> str:
    """How the longest text of the draft begins: enough to know it again."""
    texts = [
        " ".join(each.split()) for name, values in body.items() if not name.startswith("draft_") for each in values
    ]
    longest = max(texts, key=len, default="")
    if len(longest) < 12:
        return ""
    return longest if len(longest) <= most else longest[: most - 1].rsplit(" ", 1)[0] + "…"


@dataclass(frozen=True)
class Pair:
    """One field of a clash, as both wrote it. `number` names its box on the page."""

    number: int
    answer: Answer
    theirs: str
    mine: str

    @property
    def differs(self) -> bool:
        """Whether the two are not the same, line endings and outer spaces aside."""
        return _tidy(self.theirs) != _tidy(self.mine)

    @property
    def joined(self) -> str:
        """Both texts, theirs first; a text that holds the other already is enough."""
        theirs, mine = _tidy(self.theirs), _tidy(self.mine)
        if theirs in mine or mine in theirs:
            return max(theirs, mine, key=len)
        return theirs + JOIN + mine

    def shown(self, value: str) -> str:
        """A value in words; several codes in one text are said each."""
        words = self.answer.words
        if words and value not in words:
            return "; ".join(words.get(each, each) for each in value.split(", ")) or "Nothing"
        return words.get(value, value) or "Nothing"


def pairs(*, current: Current, mine: Values) -> list[Pair]:
    """Every field of the record with both texts; a field the second form did not have stays as it is."""
    return [
        Pair(number=number, answer=answer, theirs=answer.value, mine=mine.get(answer.name, answer.value))
        for number, answer in enumerate(current.answers)
    ]


def chosen(*, pairs: list[Pair], kept: str, posted: Mapping[str, str]) -> dict[str, str]:
    """The values to save: all mine, or for each field that differs what was chosen or written on the page."""
    if kept == "mine":
        return {pair.answer.name: pair.mine for pair in pairs}
    return {pair.answer.name: _both(pair, posted) for pair in pairs}


def _both(pair: Pair, posted: Mapping[str, str]) -> str:
    typed = posted.get(f"answer-{pair.number}")
    if not pair.differs or typed is None:
        return pair.theirs
    if pair.answer.long:
        return typed
    return pair.mine if typed == "mine" else pair.theirs


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
