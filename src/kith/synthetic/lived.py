"""One period of care as it was lived."""

from dataclasses import dataclass
from datetime import date

from kith.synthetic.case import Case
from kith.synthetic.homes import Home, Status
from kith.synthetic.people import Child
from kith.synthetic.planning import Stay


@dataclass
class Care:
    """A child's period of care as it was lived: kept for the parts of the story that need it later."""

    child: Child
    stay: Stay
    case: Case
    id: str
    homes: list[Home]
    statuses: list[Status]

    def open_on(self, day: date) -> bool:
        """Say whether the child was looked after on `day`."""
        return self.stay.entry <= day and (self.stay.exit is None or self.stay.exit > day)
