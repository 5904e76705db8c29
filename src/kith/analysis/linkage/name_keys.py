"""The keys a name may be found by: plain letters, sound, skeleton, other spellings, and its words two by two."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import combinations, product
from pathlib import Path

import jellyfish
from anyascii import anyascii

TABLE = Path(__file__).with_name("data") / "equivalents.toml"
LONGEST = 80  # characters of a key

TOKEN, SOUNDEX, SKELETON, SAME, PAIR = "token", "soundex", "skeleton", "same", "pair"
KINDS = (TOKEN, SOUNDEX, SKELETON, SAME, PAIR)
MOST_WORDS = 4  # of a name, that are paired: the first and those after it

_JOINED = re.compile(r"['’‘`´ʼ.]")  # O'Brien is one word, and so is St. John's "st"
_WORD = re.compile(r"[a-z0-9]+")
_DOUBLED = re.compile(r"(.)\1+")
_SOUNDED_W = re.compile(r"w(?=[aeiouy])")
_VOWELS = re.compile(r"[aeiouyhw]+")
# Letters that stand for one sound in one spelling of a name or another; the longest are looked at first.
_ONE_SOUND = (
    ("sch", "s"), ("tch", "s"), ("dzh", "j"), ("dj", "j"), ("cz", "s"), ("sz", "s"), ("rz", "s"), ("sh", "s"),
    ("zh", "s"), ("ch", "s"), ("ts", "s"), ("tz", "s"), ("ph", "f"), ("kh", "k"), ("ck", "k"), ("gh", "g"),
    ("th", "t"), ("dh", "d"), ("bh", "v"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("c", "k"), ("q", "k"),
    ("x", "ks"), ("z", "s"),
)  # fmt: skip


def keys(forename: str, surname: str) -> list[tuple[str, str]]:
    """Every (kind, key) that this name may be found by, each once; an empty name has none."""
    return list(_keys_of(forename or "", surname or ""))


def keys_of_many(names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """The keys of many (forename, surname) pairs, each pair worked out once."""
    return {name: keys(*name) for name in dict.fromkeys(names)}


def tokens(text: str) -> tuple[str, ...]:
    """The words of a name in plain small letters, whatever its script: "Łukasz O'Neill" gives lukasz and oneill."""
    return tuple(_WORD.findall(_JOINED.sub("", anyascii(_JOINED.sub("", text)).casefold())))


@lru_cache(maxsize=200_000)
def _keys_of(forename: str, surname: str) -> tuple[tuple[str, str], ...]:
    words = tokens(f"{forename} {surname}")
    found = dict.fromkeys(pair for word in words for pair in keys_of_token(word))
    return (*found, *((PAIR, key) for key in pairs_of(words)))


@lru_cache(maxsize=200_000)
def keys_of_token(word: str) -> tuple[tuple[str, str], ...]:
    """The keys of one word already folded. Initials and numbers are looked for only as they stand."""
    found = [(TOKEN, word[:LONGEST])]
    if len(word) > 1 and word.isalpha():
        found += [(SOUNDEX, jellyfish.soundex(word))]
        found += [(SKELETON, bones) for bones in [skeleton(word)[:LONGEST]] if len(bones) > 1]
    found += [(SAME, group) for group in groups_of(word)]
    return tuple((kind, key) for kind, key in found if key)


def pairs_of(words: Sequence[str]) -> list[str]:
    """Each two words of a name as one key, whatever their order: what finds one Mohammed Khan among thousands."""
    found = [
        "+".join(sorted(pair))[:LONGEST]
        for one, other in combinations(dict.fromkeys(words[:MOST_WORDS]), 2)
        for pair in product(_forms(one), _forms(other))
    ]
    return list(dict.fromkeys(found))


def _forms(word: str) -> tuple[str, ...]:
    """What a word is known by in a pair: its skeleton, and the lines of equivalents it stands in."""
    return (skeleton(word) or word, *groups_of(word)) if word.isalpha() else (word,)


def skeleton(word: str) -> str:
    """What is left of a word when its vowels, its breaths and its doubled letters go: muhammad and mohamed are mmd."""
    for letters, sound in _ONE_SOUND:
        word = word.replace(letters, sound)
    word = _DOUBLED.sub(r"\1", _SOUNDED_W.sub("v", word))
    bones = _VOWELS.sub("", word)
    return f"a{bones}" if _VOWELS.match(word) else bones


def groups_of(word: str) -> tuple[str, ...]:
    """The lines of the table of equivalents that this word stands in, each by its first name."""
    return _equivalents().get(word, ())


@cache
def _equivalents() -> dict[str, tuple[str, ...]]:
    raw = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    found: dict[str, list[str]] = defaultdict(list)
    for names in [*raw["spellings"], *raw["short_forms"]]:
        for name in dict.fromkeys(name for each in names for name in tokens(each)):
            found[name].append(names[0])
    return {name: tuple(dict.fromkeys(groups)) for name, groups in found.items()}
