"""Which periods have a form here, and what it asks of each: days, codes of the returns, and where a home is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MAY = "record_work"


@dataclass(frozen=True)
class Box:
    """One box: the column it is about, what it asks, and the published list of its codes, if it is one of a list.

    `place`: it says where the child is, and is not shown to whoever may not know. `home`: it is the home's own column.
    """

    column: str
    asked: str
    codes: str = ""
    hint: str = ""
    day: bool = False
    place: bool = False
    home: bool = False


def _lasting(began: str, ended: str) -> tuple[Box, Box]:
    return (
        Box("started_on", began, day=True),
        Box("ended_on", ended, hint="Leave it empty while it goes on.", day=True),
    )


_BEGAN, _ENDED = _lasting("When did it begin?", "When did it end?")
KINDS: Mapping[str, tuple[Box, ...]] = {
    # The days of a time in care, and why it began and ended, are those of its episodes, and are put right there.
    "care": (Box("code", "What is the child’s main need?", codes="primary_need"),),
    "care_episode": (
        _BEGAN,
        Box("start_reason", "Why did it begin?", codes="episode_start_reason"),
        _ENDED,
        Box("end_reason", "Why did it end?", codes="episode_end_reason"),
    ),
    "home": (
        Box("code", "What kind of home is it?", codes="placement_type"),
        *_lasting("When did the child move in?", "When did the child leave?"),
        Box("end_reason", "Why did the child leave?", codes="placement_change_reason"),
        Box("provider", "Who provides it?", codes="placement_provider", place=True, home=True),
        Box("urn", "Its number in Ofsted’s register", hint="For example, SC012345", place=True, home=True),
        Box("postcode", "Its postcode", place=True, home=True),
    ),
    "legal_status": (Box("code", "What is the legal status?", codes="legal_status"), _BEGAN, _ENDED),
    "cp_plan": (Box("code", "What is the plan for?", codes="abuse_category"), _BEGAN, _ENDED),
    "cin_plan": (_BEGAN, _ENDED),
    "immigration": (Box("code", "What is the immigration status?"), _BEGAN, _ENDED),
}
