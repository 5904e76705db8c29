"""What the authority itself has to do, in the invented borough: requests for information, and the workforce census."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kith.synthetic.world import World

REQUESTS = 5  # a month
LATE = 15  # of a hundred requests
MONTHS = 12  # of requests that are told
CENSUSES = 3  # years of the workforce census


@dataclass(frozen=True)
class OwnDuty:
    """One of them, as it is recorded: which it is, the day it began, and the day it was done if that has come."""

    kind: str
    reference: str
    began_on: date
    done_on: date | None


def own_duties(world: World) -> tuple[OwnDuty, ...]:
    """All of them; what is still to come is not told."""
    return (*_requests(world), *_censuses(world))


def _requests(world: World) -> Iterator[OwnDuty]:
    """A freedom of information request is answered within 20 working days; a few come late."""
    first = world.on - timedelta(days=30 * MONTHS)
    days = sorted(first + timedelta(days=world.between(0, 30 * MONTHS)) for _ in range(REQUESTS * MONTHS))
    for number, day in enumerate(days, start=1):
        received = world.later(day, 0, 1)
        if received <= world.on:
            late = world.happens("request answered late", LATE)
            answered = world.later(received, 21, 60) if late else world.later(received, 6, 19)
            yield OwnDuty("information_request", f"FOI {number:04}", received, world.happened(answered))


def _censuses(world: World) -> Iterator[OwnDuty]:
    """The workforce census is of the year to 31 March, and signed off by 30 November."""
    last = world.on.year if world.on >= date(world.on.year, 3, 31) else world.on.year - 1
    for year in range(last - CENSUSES + 1, last + 1):
        signed = world.later(date(year, 10, 20), 1, 25)
        yield OwnDuty("workforce_census", "", date(year, 3, 31), world.happened(signed))
