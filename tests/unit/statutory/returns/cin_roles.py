"""A few children of the borough's own built census, each chosen for what happened, to try a rule on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from lxml import etree

OTHERS = 60  # so many that one child with a fault is under the 2% that a rule about the whole return allows
CODES = 8  # disability codes that such a rule asks a whole return to use
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Census:
    """A census of the chosen children, and at what place in it each role is."""

    root: etree._Element
    roles: Mapping[str, int]

    def said(self, role: str, name: str) -> str:
        """What the child of that role says first under a name."""
        child = list(self.root.iter("Child"))[self.roles[role]]
        return next(each.text or "" for each in child.iter(name))


class _Child:
    """What a child of the census says, by name."""

    def __init__(self, element: etree._Element, year: int) -> None:
        self.element, self.year = element, year
        self.said: dict[str, list[str]] = {}
        for each in element.iter():
            self.said.setdefault(each.tag, []).append(each.text or "")

    def has(self, **counts: int) -> bool:
        """Whether each name is said so many times."""
        return all(len(self.said.get(name, [])) == count for name, count in counts.items())

    def day(self, name: str) -> date:
        """The first day said under a name."""
        return date.fromisoformat(self.said[name][0])

    def referred(self, first: tuple[int, int], last: tuple[int, int]) -> bool:
        """Whether the referral came between two days (month and day) of the year."""
        start = date(self.year - 1, 4, 1)
        low, high = (date(self.year - (month > 3), month, day) for month, day in (first, last))
        return max(start, low) <= self.day("CINreferralDate") <= high

    @property
    def simple(self) -> bool:
        """One referral, and a born child of school age with a pupil number."""
        known = self.has(CINdetails=1, UPN=1, PersonBirthDate=1, PersonDeathDate=0)
        return known and date(self.year - 17, 1, 1) < self.day("PersonBirthDate") < date(self.year - 7, 1, 1)

    @property
    def assessed_once(self) -> bool:
        """One assessment, finished, that found something."""
        return self.has(Assessments=1, AssessmentAuthorisationDate=1) and "21" not in self.said["AssessmentFactors"]


def _full(child: _Child) -> bool:
    """Enquired into, and on a child protection plan that goes on and was reviewed once."""
    shape = dict(Section47=1, DateOfInitialCPC=1, ChildProtectionPlans=1, CPPendDate=0, CPPreviewDate=1, CINPlanDates=0)
    if not (child.simple and child.assessed_once and child.has(CINclosureDate=0, **shape)):
        return False
    began, reviewed = child.day("CPPstartDate"), child.day("CPPreviewDate")
    return (
        child.referred((4, 10), (11, 30))
        and child.said["Disability"] == ["NONE"]
        and began >= child.day("CINreferralDate") + 12 * DAY
        and began + 40 * DAY <= reviewed <= date(child.year, 3, 1)
        and child.day("AssessmentAuthorisationDate") <= date(child.year, 3, 1)
    )


def _plan(child: _Child) -> bool:
    """A child in need whose plan ended, and whose case was closed."""
    shape = dict(CINclosureDate=1, CINPlanDates=1, CINPlanEndDate=1, Section47=0, ChildProtectionPlans=0)
    if not (child.simple and child.assessed_once and child.has(**shape)):
        return False
    began, ended, closed = (child.day(name) for name in ("CINPlanStartDate", "CINPlanEndDate", "CINclosureDate"))
    return (
        child.referred((4, 10), (11, 30))
        and child.day("CINreferralDate") < began < ended - 11 * DAY
        and max(ended, child.day("AssessmentAuthorisationDate") + 15 * DAY) < closed <= date(child.year - 1, 12, 20)
    )


def _quick(child: _Child) -> bool:
    """Assessed, with nothing found, and closed."""
    shape = child.simple and child.has(Assessments=1, Section47=0, CINPlanDates=0, ReasonForClosure=1)
    return (
        shape
        and child.said["ReasonForClosure"] == ["RC8"]
        and child.said.get("AssessmentFactors") == ["21"]
        and child.referred((4, 10), (12, 31))
        and child.day("CINclosureDate") > child.day("CINreferralDate") + 5 * DAY
    )


def _none(child: _Child) -> bool:
    """Referred, and nothing more was done; decided on a day after."""
    return (
        child.simple
        and child.said["ReferralNFA"] == ["1"]
        and child.referred((4, 10), (12, 31))
        and child.day("CINclosureDate") > child.day("CINreferralDate")
    )


def _unborn(child: _Child) -> bool:
    """Not born yet, with an open case and no plan."""
    return child.has(ExpectedPersonBirthDate=1, CINdetails=1, CINclosureDate=0, ChildProtectionPlans=0, Section47=0)


def _open(child: _Child) -> bool:
    """Assessed, with a case that is open and nothing more."""
    shape = dict(CINclosureDate=0, Section47=0, CINPlanDates=0, ChildProtectionPlans=0, DateOfInitialCPC=0)
    return (
        child.simple
        and child.assessed_once
        and child.has(**shape)
        and child.said["ReferralNFA"] == ["0"]
        and child.day("AssessmentAuthorisationDate") <= date(child.year - 1, 12, 31)
    )


_ROLES: Mapping[str, Callable[[_Child], bool]] = {
    "FULL": _full,
    "PLAN": _plan,
    "QUICK": _quick,
    "NONE": _none,
    "UNBORN": _unborn,
    "OPEN": lambda child: _open(child) and child.referred((5, 10), (6, 20)),
    "LATER": lambda child: _open(child) and child.referred((7, 10), (10, 31)),
}


def chosen(path: Path, *, year: int) -> Census:
    """The children of the roles, and sixty others with each kind of disability that a return must have."""
    root = etree.parse(path).getroot()
    children = [_Child(each, year) for each in root.iter("Child")]
    taken = {name: next(child for child in children if fits(child)) for name, fits in _ROLES.items()}
    left = [child for child in children if _open(child) and child not in taken.values()]
    others = list(dict.fromkeys([*_disabled(left), *left]))[:OTHERS]
    assert len(others) == OTHERS
    taken |= {f"OTHER{number}": child for number, child in enumerate(others)}
    small = etree.Element(root.tag)
    small.append(deepcopy(root.find("Header")))
    among = etree.SubElement(small, "Children")
    among.extend(deepcopy(child.element) for child in taken.values())
    return Census(small, {name: number for number, name in enumerate(taken)})


def _disabled(children: list[_Child]) -> Iterator[_Child]:
    """The first child with each code alone, and the first with two."""
    seen: set[str] = set()
    for child in children:
        codes = child.said["Disability"]
        if codes[0] not in seen and codes != ["NONE"] and len(codes) == 1:
            seen.add(codes[0])
            yield child
    yield next(child for child in children if len(child.said["Disability"]) == 2)
    assert len(seen) >= CODES
