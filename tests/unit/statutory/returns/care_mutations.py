"""One change of the clean SSDA903 return for each rule, those that cannot fail, and those that were withdrawn."""

from __future__ import annotations

from collections.abc import Mapping

from tests.unit.statutory.returns import (
    care_mutations_episodes,
    care_mutations_header,
    care_mutations_homes,
    care_mutations_outcomes,
)
from tests.unit.statutory.returns.care_changes import Change, add, born, copy, drop, of, put

_WORKER = {"SW_ID": "SW999", "SW_DECOM": "01/07/2025", "SW_REASON": "MANAGE"}
_NOWHERE = "a child who is nowhere has no episode"

_MISSING: Mapping[str, Change] = {
    "564": of(put("Missing", "AWAY", MIS_START=""), also="1004", why="a day that is not there is no date"),
    "565": of(put("Missing", "AWAY", MISSING="", MIS_END="")),
    "566": of(
        put("Missing", "AWAY", MISSING="", MIS_START=""), also="1004", why="with the day it began 565 breaks too"
    ),
    "567": of(put("Missing", "AWAY", MIS_END="04/07/2025")),
    "570": of(put("Missing", "AWAY", MIS_START="01/04/2026", MIS_END="")),
    "571": of(put("Missing", "AWAY", MIS_END="01/04/2026")),
    "574": of(copy("Missing", "AWAY", MIS_START="07/07/2025", MIS_END="09/07/2025")),
    "575": of(add("Missing", "HOLIDAY", MISSING="M", MIS_START="01/07/2025")),
    "576": of(add("Missing_last", "AWAY", MISSING="M", MIS_START="20/03/2025")),
    "577": of(add("Missing", "LEFT", MISSING="M", MIS_START="01/11/2025", MIS_END="05/12/2025")),
    "578": of(add("Missing", "LEFT", MISSING="M", MIS_START="01/12/2025", MIS_END="01/12/2025")),
    "581": of(
        add("Missing", "LEFT", MISSING="M", MIS_START="05/12/2025", MIS_END="06/12/2025"),
        also="577 578",
        why="what is in no episode is in no period of care",
    ),
    "586": of(
        put("Missing", "AWAY", MIS_START="01/01/2011", MIS_END=""),
        also="577 578 581",
        why="nobody was in care before birth",
    ),
    "1004": of(put("Missing", "AWAY", MISSING="", MIS_START="31/02/2025", MIS_END="")),
    "1005": of(put("Missing", "AWAY", MIS_END="31/02/2025")),
    "1006": of(put("Missing", "AWAY", MISSING="X")),
    "INT04": of(copy("Missing", "AWAY", CHILD="NEW"), also="1012", why=_NOWHERE),
    "INT13": of(put("Missing", "AWAY", DOB="13/12/2011")),
}

_WORKERS: Mapping[str, Change] = {
    "SW02STG1": of(put("SWEpisodes", "STEADY", SW_ID="SW1")),
    "SW04STG1": of(add("SWEpisodes", "SHORT", **(_WORKER | {"SW_DECOM": "31/02/2025"}))),
    "SW05STG1": of(add("SWEpisodes", "SHORT", **_WORKER, SW_DEC="31/02/2026")),
    "SW06STG2": of(add("SWEpisodes", "SHORT", **(_WORKER | {"SW_DECOM": "01/04/2026"}))),
    "SW07STG2": of(
        add("SWEpisodes", "SHORT", **(_WORKER | {"SW_DECOM": "01/01/2024"}), SW_DEC="01/03/2024"),
        add("SWEpisodes", "SHORT", **(_WORKER | {"SW_DECOM": "02/03/2024"})),
    ),
    "SW08STG2": of(
        add("SWEpisodes", "SHORT", **_WORKER),
        add("SWEpisodes", "SHORT", **(_WORKER | {"SW_DECOM": "01/08/2025", "SW_REASON": "FCONTA"})),
    ),
    "SW09STG2": of(
        add("SWEpisodes", "SHORT", **_WORKER, SW_DEC="01/07/2025"),
        add("SWEpisodes", "SHORT", **(_WORKER | {"SW_DECOM": "02/07/2025"})),
    ),
    "SW10STG2": of(
        add("SWEpisodes", "SHORT", **_WORKER, SW_DEC="01/08/2025"),
        add("SWEpisodes", "SHORT", **(_WORKER | {"SW_DECOM": "09/08/2025"})),
    ),
    "SW11bSTG2": of(
        add("SWEpisodes", "SHORT", **_WORKER, SW_DEC="28/03/2026"),
        also="SW17STG2",
        why="who has nobody after the last days of the year has nobody at its end",
    ),
    "SW13STG1": of(put("SWEpisodes", "STEADY", SW_REASON="XX")),
    "SW17STG2": of(add("SWEpisodes", "SHORT", **_WORKER, SW_DEC="01/08/2025")),
}

_LIBERTY: Mapping[str, Change] = {
    "700": of(put("DoLO", "GIRL", DOLO_START="31/02/2026"), year=2027),
    "701": of(put("DoLO", "GIRL", DOLO_END="31/02/2026"), year=2027),
    "702": of(put("DoLO", "GIRL", DOLO_END="01/10/2025"), year=2027),
    "703": of(put("DoLO", "GIRL", DOLO_START="01/04/2026", DOLO_END=""), year=2027),
    "704": of(put("DoLO", "GIRL", DOLO_END="01/04/2026"), year=2027),
    "705": of(copy("DoLO", "GIRL", DOLO_START="15/11/2025", DOLO_END="20/12/2025"), year=2027),
    "706": of(add("DoLO_last", "GIRL", DOLO_START="01/02/2025"), year=2027),
    "707": of(
        put("Episodes", "LEFT", PLACE="K2"),
        add("DoLO", "LEFT", DOLO_START="01/11/2025", DOLO_END="05/12/2025"),
        year=2027,
    ),
    "708": of(put("DoLO", "GIRL", DOB="02/10/2025"), year=2027),
    "709": of(put("Episodes", "GIRL", 1, PLACE="U6", URN="1234567"), year=2027),
    "710": of(
        put("Episodes", "GIRL", 1, PLACE="K1"), also="709", why="what is forbidden is not expected either", year=2027
    ),
}

MUTATIONS: Mapping[str, Change] = {
    **care_mutations_header.MUTATIONS,
    **care_mutations_episodes.MUTATIONS,
    **care_mutations_homes.MUTATIONS,
    **care_mutations_outcomes.OUTCOMES,
    **care_mutations_outcomes.ADOPTION,
    **_MISSING,
    **_WORKERS,
    **_LIBERTY,
}

NEVER: Mapping[str, str] = {
    "411": "the location of a home and its authority are both worked out from one postcode, so they never disagree",
}
"""The rules that no file can break, and why."""

_LIVED = {"DATE_PLACED_CEASED": "01/06/2025", "REASON_PLACED_CEASED": "RD1"}
WITHDRAWN: Mapping[str, Change] = {
    "217t": of(born("SEEK", "01/05/2009"), put("Episodes", "SEEK", PLACE="P2", URN=""), year=2024),
    "230": of(born("SEEK", "01/05/2009"), put("Episodes", "SEEK", PLACE="H5", URN=""), year=2024),
    "370": of(put("Episodes", "LEFT", PLACE="P2", URN="", DEC="01/09/2025"), year=2024),
    "445": of(
        put("Episodes", "LEFT", LS="D1"),
        add("PlacedAdoption", "LEFT", DATE_PLACED="01/02/2024", **_LIVED),
        year=2024,
    ),
    "451": of(
        put("Episodes", "STEADY", LS="D1"),
        also="445 555",
        why="nobody under 25 was freed before 2006 and is in care still",
        year=2024,
    ),
    "555": of(
        put("Episodes", "LEFT", LS="D1"),
        also="445 557",
        why="without a decision there is no reversal of one, and no order was made so late",
        year=2024,
    ),
    "556": of(
        put("Episodes", "LEFT", LS="D1"),
        add("PlacedAdoption", "LEFT", DATE_PLACED="01/06/2024", **_LIVED),
        also="445",
        why="no order was made so late",
        year=2024,
    ),
    "SW01STG1": of(drop("SWEpisodes", "STEADY"), also="SW12STG2", why="both ask for a social worker", year=2024),
    "SW01aSTG1": of(
        add("SWEpisodes", "SHORT", **(_WORKER | {"SW_ID": "", "SW_DECOM": "01/03/2024"})),
        also="SW02STG1",
        why="what is not there does not begin with SW",
        year=2025,
    ),
    "SW01bSTG1": of(
        add("SWEpisodes", "SHORT", **(_WORKER | {"SW_REASON": ""})),
        also="SW13STG1",
        why="both ask for the reason",
        year=2025,
    ),
    "SW03STG1": of(add("SWEpisodes", "SHORT", **(_WORKER | {"SW_DECOM": ""})), year=2024),
    "SW11aSTG2": of(
        add("SWEpisodes", "SHORT", **_WORKER, SW_DEC="01/08/2025"),
        add("SWEpisodes", "SHORT", **(_WORKER | {"SW_DECOM": "07/08/2025"})),
        year=2024,
    ),
    "SW14STG2": of(
        add("SWEpisodes", "SHORT", **_WORKER),
        add("SWEpisodes", "SHORT", **(_WORKER | {"SW_DECOM": "01/08/2025"})),
        also="SW08STG2 SW10STG2",
        why="two rules say the same, and nobody takes over from somebody who has not given up",
        year=2024,
    ),
}
"""The rules that held for some of the years only."""

EARLIER: tuple[tuple[str, Change], ...] = (
    ("101", of(put("Header", "STEADY", SEX="M"), year=2024)),
    ("146", of(put("Episodes", "LEFT", PLACE="K3"), year=2024)),
    ("178", of(put("Episodes", "LEFT", PLACE="Z1", URN=""), year=2025)),
    ("213", of(put("Episodes", "HOLIDAY", 1, PLACE_PROVIDER="PR1"), also="178", why="both say it of T3", year=2025)),
    ("218", of(put("Episodes", "STEADY", URN=""), year=2024)),
    ("218", of(put("Episodes", "STEADY", URN=""), year=2025)),
    ("222", of(put("Episodes", "SEEK", PLACE="Z1", PLACE_PROVIDER=""), year=2025)),
    ("371", of(put("Episodes", "LEFT", PLACE="H5"), year=2024)),
    ("383", of(put("Episodes", "HOLIDAY", 2, PLACE="U6"), year=2025)),
    ("503D", of(put("Episodes_last", "STEADY", PLACE="H5"), year=2025)),
    ("526", of(put("Episodes", "STEADY", PLACE_PROVIDER=""), year=2025)),
    ("1015", of(put("Episodes", "GIRL", 1, PLACE_PROVIDER="PR1", PL_POST="BB1 1BB"), year=2025)),
    ("SW02STG1", of(put("SWEpisodes", "STEADY", SW_ID="AB1"), year=2025)),
    (
        "SW07STG2",
        of(
            add("SWEpisodes", "SHORT", **(_WORKER | {"SW_DECOM": "01/01/2025"}), SW_DEC="01/03/2025"),
            add("SWEpisodes", "SHORT", **(_WORKER | {"SW_DECOM": "02/03/2025"})),
            year=2024,
        ),
    ),
    ("SW11bSTG2", of(add("SWEpisodes", "SHORT", **_WORKER, SW_DEC="28/03/2026"), year=2025)),
    ("SW12STG2", of(drop("SWEpisodes", "STEADY"), also="SW01STG1", why="both ask for a social worker", year=2024)),
    (
        "SW13STG1",
        of(
            put("SWEpisodes", "STEADY", SW_REASON=""),
            also="SW01STG1 SW03STG1",
            why="each asks for the reason",
            year=2024,
        ),
    ),
)
"""Rules that asked otherwise in an earlier year."""
