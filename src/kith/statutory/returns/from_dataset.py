"""A return of a dataset as its rules see it, all the year round: built, and read back, by what builds and reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

from kith.statutory.returns.returned import Returned
from kith.statutory.returns.rule_reports import Checked
from kith.statutory.returns.rule_running import run
from kith.statutory.returns.rules import Rule, RuleBook
from kith.statutory.returns.ssd.dataset import Dataset

_NO_AUTHORITY = "000"  # whose return it is stands in the header, whose rules are about the whole return
_MARCH = (3, 31)


# The tables of the dataset of which the census and the SSDA903 are built: a test holds this list to the builders.
READS = frozenset(
    [
        "kith_assessment_detail",
        "kith_cp_plan_detail",
        "kith_deprivation_of_liberty",
        "kith_episode_detail",
        "kith_oc2",
        "kith_pre_proceedings_detail",
        "ssd_address",
        "ssd_assessment_factors",
        "ssd_care_leavers",
        "ssd_cin_assessments",
        "ssd_cin_episodes",
        "ssd_cin_plans",
        "ssd_cla_convictions",
        "ssd_cla_episodes",
        "ssd_cla_health",
        "ssd_cla_immunisations",
        "ssd_cla_placement",
        "ssd_cla_previous_permanence",
        "ssd_cla_reviews",
        "ssd_cla_substance_misuse",
        "ssd_cp_plans",
        "ssd_cp_reviews",
        "ssd_disability",
        "ssd_immigration_status",
        "ssd_initial_cp_conference",
        "ssd_involvements",
        "ssd_legal_status",
        "ssd_linked_identifiers",
        "ssd_missing",
        "ssd_mother",
        "ssd_permanence",
        "ssd_person",
        "ssd_pre_proceedings",
        "ssd_professionals",
        "ssd_s47_enquiry",
        "ssd_sdq_scores",
    ]
)


def year_of(on: date) -> int:
    """The collection year of a day, by the year it ends in."""
    return on.year + ((on.month, on.day) > _MARCH)


def checked_of(kind: str, dataset: Dataset, *, on: date) -> Checked | None:
    """The return of the year of `on` (cin or ssda903), checked by every rule about a child; none where it has no row.

    Rules about the return as a whole wait for the whole return, and those that need what is beside it for that.
    """
    with TemporaryDirectory(prefix="kith-") as folder:
        returned = _BUILT[kind](dataset, on, Path(folder))
        return Checked(returned, run(_book(kind), returned.said)) if returned else None


class _OfChildren(RuleBook):
    """A book without the rules about the whole return."""

    def __init__(self, book: RuleBook) -> None:
        super().__init__(book.name, ())
        self.rules = tuple(rule for rule in book if _about_a_child(rule, book.name))


def _about_a_child(rule: Rule, name: str) -> bool:
    """The Header of a census is the return's; that of an SSDA903 is a row for each child."""
    return not rule.about_return and not (name == "cin" and "Header" in rule.tables)


_books: dict[str, RuleBook] = {}


def _book(kind: str) -> RuleBook:
    if kind not in _books:
        from kith.statutory.returns.cin_census.rules import BOOK as CENSUS
        from kith.statutory.returns.ssda903.rules import BOOK as CARE

        _books.update({"cin": _OfChildren(CENSUS), "ssda903": _OfChildren(CARE)})
    return _books[kind]


def _census(dataset: Dataset, on: date, folder: Path) -> Returned | None:
    from kith.statutory.returns.cin_census.returned import read_census
    from kith.statutory.returns.cin_census.writer import Source, write_census

    path, sender = folder / "census.xml", Source(authority=_NO_AUTHORITY, at=datetime.combine(on, time(), UTC))
    written = write_census(dataset, path, year=year_of(on), source=sender)
    return read_census([path]) if written.rows else None


def _care(dataset: Dataset, on: date, folder: Path) -> Returned | None:
    if not dataset.table("ssd_cla_episodes").height and not dataset.table("ssd_care_leavers").height:
        return None  # which most children are: nothing of them can be in it
    from kith.statutory.returns.ssda903.building import tables_of
    from kith.statutory.returns.ssda903.returned import read_built

    tables = tables_of(dataset, year=year_of(on))
    if not tables["Header"].height:
        return None
    there = {name: frame for name, frame in tables.items() if frame.height}
    return read_built(there, year=year_of(on))


_BUILT: Mapping[str, Callable[[Dataset, date, Path], Returned | None]] = {"cin": _census, "ssda903": _care}
KINDS = tuple(_BUILT)
