"""What two records are compared by: names folded to plain letters and to sound, dates, numbers, homes and family."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import polars as pl

from .name_keys import groups_of, skeleton, tokens
from .settings import settings

# One row a person. `names`: every other (forename, surname); `numbers`: "nhs:9990000018"; `homes`: "12 Quay Street|RV1
# 2AB"; `kin`: names of parents, "Ruksana Begum", or the key of a family.
PEOPLE = {
    "person": pl.Int64(),
    "forename": pl.String(),
    "surname": pl.String(),
    "names": pl.List(pl.List(pl.String())),
    "born_on": pl.Date(),
    "sex": pl.String(),
    "numbers": pl.List(pl.String()),
    "homes": pl.List(pl.String()),
    "kin": pl.List(pl.String()),
}
ONE_PERSONS = ("upn", "nhs")  # kinds of number that only one person has; an authority's own number is not one
TEXTS = pl.List(pl.String())
FEATURES: dict[str, Any] = {
    "unique_id": pl.Int64(),
    "firsts": TEXTS,
    "first_forms": TEXTS,
    "first": pl.String(),
    "lasts": TEXTS,
    "last_forms": TEXTS,
    "last": pl.String(),
    "apart": pl.Boolean(),
    "pair": pl.String(),
    "first_bones": pl.String(),
    "last_bones": pl.String(),
    "born": pl.String(),
    "sex": pl.String(),
    "numbers": TEXTS,
    "number_kinds": TEXTS,
    "upn": pl.String(),
    "nhs": pl.String(),
    "homes": TEXTS,
    "postcodes": TEXTS,
    "kin": TEXTS,
}


def features(people: pl.DataFrame) -> pl.DataFrame:
    """A row of PEOPLE as what is compared, in the order of `person`."""
    rows = [_row(each) for each in people.sort("person").iter_rows(named=True)]
    return pl.DataFrame(rows, schema=FEATURES, orient="row")


def _row(each: Mapping[str, Any]) -> tuple[Any, ...]:
    names = [(each["forename"] or "", each["surname"] or ""), *((one, other) for one, other in each["names"] or ())]
    firsts, first_forms = _words(tuple(forename for forename, _ in names))
    lasts, last_forms = _words(tuple(surname for _, surname in names))
    first_bones, last_bones = _bones(names[0][0]), _bones(names[0][1])
    numbers = sorted({number for number in each["numbers"] or () if number.partition(":")[0] in ONE_PERSONS})
    kinds = dict(number.split(":", 1) for number in reversed(numbers))
    homes = [_home(home) for home in each["homes"] or () if home]
    return (
        each["person"],
        firsts,
        first_forms,
        "".join(firsts[: len(_told(names[0][0]))]),
        lasts,
        last_forms,
        "".join(lasts[: len(_told(names[0][1]))]),
        any(word in settings().apart for word in firsts),
        "+".join(sorted((first_bones, last_bones))) if first_bones and last_bones else None,
        first_bones,
        last_bones,
        each["born_on"].isoformat() if each["born_on"] else None,
        each["sex"] if each["sex"] in ("M", "F") else None,
        numbers,
        sorted(kinds),
        kinds.get("upn"),
        kinds.get("nhs"),
        sorted({f"{house} {postcode}" for house, postcode in homes if house and postcode}),
        sorted({postcode for _, postcode in homes if postcode}),
        sorted({_kin(name) for name in each["kin"] or () if name}),
    )


@lru_cache(maxsize=200_000)
def _words(texts: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The words of these names, and the forms each is known by: its line of equivalents, and what is left of it."""
    words = list(dict.fromkeys(word for text in texts for word in _told(text)))
    return words, sorted({form for word in words for form in _forms(word)})


@lru_cache(maxsize=200_000)
def _told(text: str) -> tuple[str, ...]:
    return tuple(word for word in tokens(text) if word not in settings().not_a_name and len(word) > 1)


@lru_cache(maxsize=200_000)
def _forms(word: str) -> tuple[str, ...]:
    """Names that sound alike and are two have no form but their letters; bones of one letter say nothing."""
    if word in settings().apart or not word.isalpha():
        return (f"={word}",)
    bones = skeleton(word)
    return (*([bones] if len(bones) > 1 else [f"={word}"]), *(f"={name}" for name in groups_of(word)))


@lru_cache(maxsize=200_000)
def _bones(text: str) -> str | None:
    words = _told(text)
    return (skeleton(words[0]) or words[0]) if words else None


@lru_cache(maxsize=200_000)
def _home(home: str) -> tuple[str, str]:
    """A house by its number and postcode, whatever else its lines say: "12a, Quay St" and "12A Quay Street" agree."""
    lines, _, postcode = home.partition("|")
    house = next((word for word in _plain(lines).split() if word[:1].isdigit()), "")
    return house, _plain(postcode).replace(" ", "")


def _plain(text: str) -> str:
    return " ".join(tokens(text))


@lru_cache(maxsize=200_000)
def _kin(name: str) -> str:
    """A parent's name by its sound, or a family's key as it stands."""
    return "+".join(sorted(_bones_of(tokens(name)))) if ":" not in name else name


def _bones_of(words: Iterable[str]) -> list[str]:
    return [skeleton(word) or word for word in words]
