"""How codes and periods are said on a child's page, in words a child could read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from kith.foundation.screens.words import nice_date
from kith.vocabulary import codes

PUBLISHED = {"ethnicity": "ethnicity", "legal": "legal_status", "home": "placement_type", "disability": "disability"}
TABLE = Path(__file__).with_name("data") / "words.toml"


def words_for(kind: str, code: str) -> str:
    """The words for a code: Kith's own, else the published label, else the code as it is."""
    own = _table()[kind].get(code)
    return own or (codes.label(PUBLISHED[kind], code) if kind in PUBLISHED else code.replace("_", " "))


@cache
def _table() -> dict[str, dict[str, str]]:
    raw = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {kind: words for kind, words in raw.items() if isinstance(words, dict)}


def now_words(kind: str, code: str, since: date | None, home: str = "") -> str:
    """What is going on for the child, as one line. `home` is the code of the home of today."""
    from_day = f" since {nice_date(since)}" if since else ""
    said = {
        "need": f"A child in need{from_day}{_because(code)}",
        "cin_plan": f"On a child in need plan{from_day}",
        "cp_plan": f"On a child protection plan{_for(code)}{from_day}",
        "care": f"Looked after{from_day}{_living(home)}",
        "missing": f"{'Away without agreement' if code == 'away' else 'Missing'}{from_day}",
        "care_leaver": f"A care leaver{f' ({code.lower()})' if code else ''}{from_day}",
        "early_help": f"Early help{from_day}",
        "immigration": f"{words_for('immigration', code)}{from_day}"
        if code
        else f"Immigration status to be settled{from_day}",
        "pre_proceedings": f"In pre-proceedings{from_day}: the family has been told a court may be asked to decide",
    }
    return said.get(kind, f"{words_for('period', kind)}{from_day}")


def _because(code: str) -> str:
    return f", because of {words_for('need', code)}" if code and code != "N0" else ""


def _for(code: str) -> str:
    return f" for {words_for('abuse', code)}" if code else ""


def _living(home: str) -> str:
    return f", living {words_for('home', home)}" if home else ""


def began_words(kind: str, code: str) -> str:
    """A period's beginning, as a heading in the story."""
    detail = {
        "cp_plan": words_for("abuse", code),
        "home": words_for("home", code),
        "legal_status": words_for("legal", code),
    }
    about = detail.get(kind, "") if code else ""
    return {
        "home": f"Moved to live {about}" if about else "Moved home",
        "legal_status": about or "Legal status changed",
        "care": "Began to be looked after",
        "cp_plan": f"Child protection plan began{f', for {about}' if about else ''}",
        "cin_plan": "Child in need plan began",
        "missing": "Away without agreement" if code == "away" else "Went missing",
        "care_leaver": "Became a care leaver",
        "pre_proceedings": "Pre-proceedings began",
        "early_help": "Early help began",
    }.get(kind, words_for("period", kind))


def end_words(kind: str, reason: str) -> str:
    """Why a period ended, in words, or nothing when nothing was said."""
    table = {"need": "closed", "care": "left_care", "home": "moved", "care_episode": "left_care"}.get(kind)
    return words_for(table, reason) if table and reason else reason.replace("_", " ")


def address_words(lived: Mapping[str, str] | None) -> str:
    """An address on one line, or nothing."""
    lived = lived or {}
    return ", ".join(part for part in (lived.get("lines"), postcode_words(lived.get("postcode") or "")) if part)


def postcode_words(postcode: str) -> str:
    """A postcode with its space, however it was kept."""
    whole = postcode.replace(" ", "")
    return f"{whole[:-3]} {whole[-3:]}" if 5 <= len(whole) <= 7 else postcode
