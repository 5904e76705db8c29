"""Visits: when they fall, whether the child was seen, and what the child said."""

from collections.abc import Iterator
from datetime import date, timedelta

from kith.synthetic.people import Child
from kith.synthetic.world import World, settings

NOTED = timedelta(days=90)  # words are kept for visits of the last three months
Visit = tuple[date, bool]


def visit_days(
    world: World,
    *,
    start: date,
    end: date,
    first: int,
    usual: tuple[int, int],
    late: tuple[int, int],
    late_percent: float,
) -> Iterator[Visit]:
    """Give each visit's day from `start` to `end` (both count) and whether the child was seen.

    The first comes within `first` working days, the next after `usual` working days, or `late` ones
    `late_percent` times in a hundred. After a visit where nobody was in, the worker goes again within days.
    """
    last = min(end, world.on)
    name = f"visit late {usual} {late}"
    day = world.later(start, 1, first)
    while day <= last:
        seen = world.chance.random() > 0.05
        yield day, seen
        if not seen:
            day = world.later(day, 1, 2)
        elif world.happens(name, late_percent):
            day = world.later(day, *late)
        else:
            day = world.later(day, *usual)


def note(world: World, visit: str, child: Child, day: date, seen: bool) -> None:
    """Keep where a recent visit was and what the child said, in the child's words."""
    if not seen or child.unborn or day <= world.on - NOTED:
        return
    words = settings("words")["visits"]
    said = world.one(words["baby"] if child.age(day) < 2 else words["said"])
    world.rows.add("kith_visit_note", vnot_visit_id=visit, vnot_where=world.one(words["where"]), vnot_said=said)


def alone_flag(world: World, child: Child, seen: bool, day: date) -> str:
    """Say whether the child was seen alone: seldom for babies, mostly for everyone else."""
    often = 45 if child.age(day) < 3 else 85
    return "Y" if seen and world.chance.random() * 100 < often else "N"


def yes(flag: bool) -> str:
    """Write a flag as the dataset does."""
    return "Y" if flag else "N"
