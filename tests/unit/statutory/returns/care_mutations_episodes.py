"""One change for each rule about episodes."""

from __future__ import annotations

from collections.abc import Mapping

from tests.unit.statutory.returns.care_changes import Change, add, born, copy, drop, of, put

_BREAK = {"RNE": "S", "LS": "V3", "CIN": "N2", "PLACE": "R1", "PLACE_PROVIDER": "PR4", "REC": "E8"}
_AGAIN = {"RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "U6", "PLACE_PROVIDER": "PR1", "URN": "1234567"}
_HOMES = {"HOME_POST": "AA1 1AA", "PL_POST": "AA1 1AB"}
_TRIP = {"RNE": "P", "LS": "C2", "CIN": "N1", "PLACE": "T3", "REC": "X1", "HOME_POST": "AA1 1AA", "PL_POST": "AA1 1AD"}
_HOME = {"RNE": "P", "LS": "C2", "CIN": "N1", "PLACE": "U4", "PLACE_PROVIDER": "PR1", **_HOMES, "URN": "1234567"}

MUTATIONS: Mapping[str, Change] = {
    "141": of(put("Episodes", "LEFT", DECOM="31/02/2024")),
    "142": of(
        put("Episodes", "GIRL", DEC="", REC="", REASON_PLACE_CHANGE=""),
        put("Episodes", "GIRL", 1, RNE="S"),
    ),
    "143": of(put("Episodes", "STEADY", RNE="X")),
    "144": of(put("Episodes", "STEADY", LS="ZZ")),
    "145": of(put("Episodes", "STEADY", CIN="N9")),
    "147": of(put("Episodes", "SHORT", DEC="31/02/2026")),
    "148": of(put("Episodes", "SHORT", REC="E8")),
    "149": of(put("Episodes", "LEFT", REC="E99")),
    "199": of(
        add("Episodes", "ADOPT", DECOM="10/01/2026", **_AGAIN, **_HOMES),
        also="334",
        why="the decision of the first adoption came before care started again",
    ),
    "302": of(born("LEFT", "02/02/2024"), put("Reviews", "LEFT", REVIEW_CODE="PN0")),
    "352": of(born("LEFT", "01/01/2006")),
    "353": of(
        put("Episodes", "STEADY", DECOM="01/01/1990"),
        drop("PrevPerm", "STEADY"),
        also="302",
        why="nobody who was born by then is still in the return",
    ),
    "354": of(put("Episodes", "SHORT", DECOM="01/04/2026")),
    "355": of(put("Episodes", "SHORT", DEC="01/07/2025", REC="E8")),
    "356": of(put("Episodes", "SHORT", DEC="30/06/2025", REC="E8")),
    "357": of(put("Episodes", "SHORT", RNE="P")),
    "358": of(put("Episodes", "LEFT", LS="J1")),
    "359": of(born("AWAY", "01/01/2008"), put("OC2", "AWAY", SDQ_SCORE="")),
    "361": of(put("Episodes", "LEFT", LS="L1")),
    "362": of(put("Episodes", "LEFT", LS="L2")),
    "363": of(put("Episodes", "LEFT", LS="L3")),
    "364": of(put("Episodes", "AWAY", LS="J2")),
    "365": of(put("Episodes", "SHORT", LS="V3", DEC="25/07/2025", REC="E8")),
    "366": of(
        put("Episodes", "SHORT", LS="V3", DEC="10/07/2025", REC="X1", REASON_PLACE_CHANGE="CARPL"),
        add("Episodes", "SHORT", DECOM="10/07/2025", DEC="15/07/2025", **(_BREAK | {"RNE": "P"})),
    ),
    "367": of(
        put("Episodes", "SHORT", LS="V3", DEC="17/07/2025", REC="E8"),
        *(
            add("Episodes", "SHORT", DECOM=f"01/{month}/2025", DEC=f"17/{month}/2025", **_BREAK)
            for month in ("08", "09", "10", "11")
        ),
    ),
    "385": of(put("Episodes", "SHORT", DEC="01/04/2026", REC="E8")),
    "386": of(
        born("ADOPT", "01/12/2007"), put("Reviews", "ADOPT", REVIEW_CODE="PN1"), put("Header", "ADOPT", UPN="UN3")
    ),
    "387": of(put("Episodes", "LEFT", REC="E5")),
    "388": of(put("Episodes", "SHORT", DEC="10/08/2025", REC="X1")),
    "389": of(put("Episodes", "LEFT", REC="E7")),
    "407": of(put("Episodes", "LEFT", REC="E45"), born("LEFT", "01/12/2007")),
    "426": of(
        put("Episodes", "SHORT", DEC="10/08/2025", REC="E8"),
        add("Episodes", "SHORT", DECOM="01/09/2025", DEC="10/09/2025", **_BREAK),
    ),
    "431": of(put("Episodes", "GIRL", 1, RNE="S")),
    "432": of(put("Episodes", "GIRL", REC="E4A"), put("Episodes", "GIRL", 1, DECOM="15/09/2025", RNE="")),
    "433": of(
        put("Episodes", "GIRL", 1, DECOM="11/09/2025"),
        also="388",
        why="an episode that ended with X1 must be followed on the day",
    ),
    "434": of(put("Episodes", "GIRL", 1, RNE="L")),
    "435": of(put("Episodes", "GIRL", 1, LS="C2")),
    "436": of(put("Episodes", "GIRL", 1, RNE="B")),
    "437": of(put("Episodes", "GIRL", REC="E2"), put("Episodes", "GIRL", 1, DECOM="15/09/2025", RNE="S")),
    "446": of(
        born("LEFT", "01/05/2001"),
        put("Episodes", "LEFT", DECOM="01/11/2005", LS="E1", REC="E8"),
        drop("PrevPerm", "LEFT"),
        add(
            "PlacedAdoption",
            "LEFT",
            DATE_PLACED="01/11/2005",
            DATE_PLACED_CEASED="01/06/2025",
            REASON_PLACED_CEASED="RD1",
        ),
    ),
    "460": of(put("Episodes", "LEFT", REC="E17")),
    "501": of(
        put("Episodes", "GIRL", REC="E4A"),
        put("Episodes", "GIRL", 1, RNE="S", DECOM="09/09/2025"),
        also="431",
        why="care that starts before the last of it ended starts too soon",
    ),
    "504": of(put("Episodes", "GIRL", 1, CIN="N2")),
    "580": of(
        born("AWAY", "01/12/2007"),
        put("Episodes", "AWAY", DEC="01/12/2025", REC="E6"),
        put("Missing", "AWAY", MIS_START="20/11/2025", MIS_END="01/12/2025"),
        drop("OC2", "AWAY"),
    ),
    "377": of(
        put("Episodes", "HOLIDAY", 2, DEC="01/11/2025", REC="X1"),
        add("Episodes", "HOLIDAY", DECOM="01/11/2025", DEC="05/11/2025", **_TRIP),
        add("Episodes", "HOLIDAY", DECOM="05/11/2025", DEC="01/12/2025", REC="X1", **_HOME),
        add("Episodes", "HOLIDAY", DECOM="01/12/2025", DEC="05/12/2025", **_TRIP),
        add("Episodes", "HOLIDAY", DECOM="05/12/2025", **_HOME),
    ),
    "502": of(
        put("Episodes_last", "STEADY", DECOM="02/03/2023"),
        also="562",
        why="an episode that began on another day than last year's was not in last year's return",
    ),
    "503A": of(put("Episodes_last", "STEADY", RNE="P")),
    "503B": of(put("Episodes_last", "STEADY", LS="V2")),
    "503C": of(put("Episodes_last", "STEADY", CIN="N2")),
    "503D": of(put("Episodes_last", "STEADY", PLACE="U5")),
    "503E": of(put("Episodes_last", "STEADY", PLACE_PROVIDER="PR2")),
    "503F": of(put("Episodes_last", "STEADY", URN="7654321")),
    "562": of(put("Episodes_last", "STEADY", DECOM="02/03/2023", DEC="01/03/2025", REC="E8")),
    "NoE": of(drop("Episodes_last", "STEADY"), also="562", why="what is not there at all does not match"),
    "INT03": of(copy("Episodes", "SHORT", CHILD="NEW", DECOM="01/02/2024")),
    "SW12STG2": of(drop("SWEpisodes", "STEADY")),
}
