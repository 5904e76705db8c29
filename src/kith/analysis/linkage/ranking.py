"""How well a person answers a search: each word typed against each of the person's names, then the date of birth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import jellyfish
from rapidfuzz.distance import JaroWinkler

from .name_keys import SAME, SKELETON, SOUNDEX, TOKEN, keys_of_token, tokens

# How alike two words are, from 0 to 100, when this is what they share; the first that holds counts.
SHARED = ((TOKEN, 100.0, "same name"), (SAME, 95.0, "another form of the name"), ("metaphone", 88.0, "sounds like"))
HALF_SHARED = {
    SKELETON: 74.0,
    SOUNDEX: 66.0,
}  # too loose to stand alone: letters must back them
ENOUGH = 68.0  # below this two words are not the same name
BEGINS, LOOKS, SOUNDS = "begins with", "spelt nearly the same", "sounds like"
SAME_DAY, TURNED, NEAR_DAY = 12.0, 9.0, 6.0  # what an agreeing date of birth adds
FAR_DAY = -15.0  # what a date of birth far from the one typed takes away
NEARLY_A_YEAR = 366  # days


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be the one: every name they have or had, as (forename, surname), and when they were born."""

    key: int
    names: tuple[tuple[str, str], ...]
    born_on: date | None = None


@dataclass(frozen=True)
class Match:
    """How well one candidate answers: 0 to 112, and why in words ("sounds like")."""

    key: int
    score: float
    why: str


def rank(query: Sequence[str], candidates: Iterable[Candidate], born_on: date | None = None) -> list[Match]:
    """Those who answer the words of `query` (folded or not), best first; whoever agrees too little is left out."""
    words = tuple(word for each in query for word in tokens(each))
    found = [match for each in candidates if (match := _match(words, each, born_on))]
    return sorted(found, key=lambda match: (-match.score, match.key))


def _match(words: tuple[str, ...], candidate: Candidate, born_on: date | None) -> Match | None:
    score, why = max((_names_agree(words, tokens(" ".join(name))) for name in candidate.names), default=(0.0, ""))
    if words and score < ENOUGH:
        return None
    more, reason = _days_agree(born_on, candidate.born_on)
    reasons = [each for each in (why, reason) if each]
    return Match(key=candidate.key, score=round(score + more, 2), why=", ".join(reasons))


def _names_agree(words: tuple[str, ...], names: tuple[str, ...]) -> tuple[float, str]:
    """The mean over the words typed of the best name left for each; order does not matter, so swapped names agree."""
    left, total, reasons = list(names), 0.0, set()
    for word in words:
        best = max(((*alike(word, name), name) for name in left), default=(0.0, "", ""))
        if best[0] < ENOUGH:
            return 0.0, ""
        left.remove(best[2])
        total += best[0]
        reasons.add(best[1])
    if not words:
        return 0.0, ""
    swapped = len(words) > 1 and len(names) > 1 and alike(words[0], names[0])[0] < ENOUGH
    unsaid = min(len(left), 3) * 0.5  # of two that agree, the one with fewer names left over comes first
    return total / len(words) - unsaid - (1.0 if swapped else 0.0), _why(reasons, swapped)


def _why(reasons: set[str], swapped: bool) -> str:
    """The weakest reason is the one worth saying."""
    order = (SOUNDS, LOOKS, "another form of the name", BEGINS)
    weakest = next((reason for reason in order if reason in reasons), "same name")
    return f"{weakest}, in another order" if swapped else weakest


@lru_cache(maxsize=100_000)
def alike(word: str, name: str) -> tuple[float, str]:
    """How alike two folded words are, from 0 to 100, and what they share in words."""
    ours, theirs = set(keys_of_token(word)), set(keys_of_token(name))
    shared = {kind for kind, _ in ours & theirs}
    if jellyfish.metaphone(word) == jellyfish.metaphone(name) != "":
        shared.add("metaphone")
    for kind, score, why in SHARED:
        if kind in shared:
            return score, why
    if len(word) > 1 and name.startswith(word):
        return 90.0, BEGINS
    letters = JaroWinkler.similarity(word, name) * 100
    heard = [
        (floor + letters) / 2 + 8 for kind, floor in HALF_SHARED.items() if kind in shared and letters >= floor - 16
    ]
    if heard and max(heard) >= letters:
        return min(max(heard), 87.0), SOUNDS
    return (min(letters, 94.0), LOOKS) if letters >= 82 else (0.0, "")


def _days_agree(asked: date | None, born: date | None) -> tuple[float, str]:
    """What a date of birth adds or takes away: the same, day and month turned round, one figure out, within a year."""
    if asked is None or born is None:
        return 0.0, ""
    if asked == born:
        return SAME_DAY, "same date of birth"
    if (asked.year, asked.month, asked.day) == (born.year, born.day, born.month):
        return TURNED, "date of birth with day and month turned round"
    if sum(a != b for a, b in zip(asked.isoformat(), born.isoformat(), strict=True)) == 1:
        return NEAR_DAY, "date of birth one figure out"
    if abs((asked - born).days) < NEARLY_A_YEAR:
        return 0.0, "date of birth within a year"
    return FAR_DAY, ""
