"""One change for each rule about the home of an episode, and where it lies."""

from __future__ import annotations

from collections.abc import Mapping

from tests.unit.statutory.returns.care_changes import Change, add, born, drop, of, put

MUTATIONS: Mapping[str, Change] = {
    "146": of(put("Episodes", "LEFT", PLACE="XX")),
    "178": of(put("Episodes", "LEFT", PLACE_PROVIDER="PR9")),
    "213": of(
        put("Episodes", "HOLIDAY", 1, PLACE="T4", DEC="05/08/2025", PLACE_PROVIDER="PR1"),
        put("Episodes", "HOLIDAY", 2, DECOM="05/08/2025"),
    ),
    "214": of(put("Episodes", "SHORT", PLACE="K2", URN="7654321")),
    "217": of(put("Episodes", "ADOPT", 1, PLACE="A5"), put("AD1", "ADOPT", FOSTER_CARE="1")),
    "222": of(put("Episodes", "LEFT", PLACE="R1")),
    "225": of(put("Episodes", "GIRL", REASON_PLACE_CHANGE="")),
    "226": of(put("Episodes", "HOLIDAY", 1, REASON_PLACE_CHANGE="CARPL")),
    "233": of(put("Episodes", "STEADY", REASON_PLACE_CHANGE="CARPL")),
    "234": of(put("Episodes", "ADOPT", REASON_PLACE_CHANGE="CUSTOD")),
    "242": of(put("Episodes", "GIRL", 1, URN="XXXXXXX")),
    "336": of(
        put("Episodes", "ADOPT", PLACE="K2"),
        put("Episodes", "ADOPT", 1, PLACE="A5", RNE="T"),
        put("AD1", "ADOPT", FOSTER_CARE="1"),
    ),
    "371": of(put("Episodes", "LEFT", PLACE="K3")),
    "372": of(put("Episodes", "LEFT", PLACE="R5", PLACE_PROVIDER="PR4", URN="")),
    "373": of(put("Episodes", "BABY", PLACE="S1")),
    "374": of(put("Episodes", "LEFT", PLACE="P3", URN="")),
    "375": of(
        put("Episodes", "HOLIDAY", 1, PLACE="T1", DEC="20/09/2025"), put("Episodes", "HOLIDAY", 2, DECOM="20/09/2025")
    ),
    "376": of(put("Episodes", "HOLIDAY", 1, DEC="25/08/2025"), put("Episodes", "HOLIDAY", 2, DECOM="25/08/2025")),
    "378": of(put("Episodes", "GIRL", 1, PLACE="P1", PLACE_PROVIDER="PR0", URN="")),
    "379": of(put("Episodes", "HOLIDAY", 1, PLACE="T4")),
    "380": of(put("Episodes", "HOLIDAY", 1, RNE="T")),
    "381": of(drop("Episodes", "HOLIDAY", 2), put("Episodes", "HOLIDAY", 1, REC="E8"), drop("OC2", "HOLIDAY")),
    "382": of(
        put("Episodes", "SHORT", DEC="10/07/2025", REC="X1"),
        add("Episodes", "SHORT", DECOM="10/07/2025", RNE="P", LS="V4", CIN="N2", PLACE="T0"),
    ),
    "383": of(put("Episodes", "HOLIDAY", 2, PLACE="U6")),
    "384": of(put("Episodes", "SHORT", PLACE="U4")),
    "390": of(put("Episodes", "ADOPT", 1, PLACE="U6")),
    "392b": of(put("Episodes", "STEADY", PL_POST="")),
    "392d": of(put("Episodes", "STEADY", PL_POST="AA1 1AA")),
    "398": of(put("Episodes", "SHORT", HOME_POST="AA1 1AA")),
    "408": of(put("Episodes", "ADOPT", 1, LS="C2", RNE="B")),
    "516": of(put("Episodes", "LEFT", REC="E45", PLACE="K2")),
    "526": of(put("Episodes", "STEADY", PLACE_PROVIDER="")),
    "527": of(put("Episodes", "LEFT", PLACE="P1", PLACE_PROVIDER="PR1", URN="")),
    "528": of(put("Episodes", "LEFT", PLACE="P1", PLACE_PROVIDER="PR2", URN="")),
    "529": of(put("Episodes", "LEFT", PLACE_PROVIDER="PR3")),
    "530": of(put("Episodes", "LEFT", PLACE="P1", PLACE_PROVIDER="PR4", URN="")),
    "531": of(put("Episodes", "LEFT", PLACE="P1", PLACE_PROVIDER="PR5", URN="")),
    "550": of(put("Episodes", "LEFT", PLACE_PROVIDER="PR0")),
    "1009": of(put("Episodes", "GIRL", REASON_PLACE_CHANGE="XXX")),
    "164": of(
        put("Episodes", "STEADY", PL_POST="ZZ2 2ZZ"), also="454", why="what is farther than 999.9 miles is beyond 350"
    ),
    "169": of(
        put("Episodes", "STEADY", PL_POST="NL1 1NL"), also="179", why="without an authority it is not ours or another's"
    ),
    "179": of(
        put("Episodes", "STEADY", PL_POST="NL1 1NL"), also="169", why="without an authority it is not ours or another's"
    ),
    "392a": of(put("Episodes", "STEADY", PL_POST="NG1 1NG")),
    "392c": of(put("Episodes", "STEADY", HOME_POST="QQ1 1QQ"), also="392a", why="from nowhere there is no distance"),
    "406": of(put("Episodes", "SEEK", HOME_POST="AA1 1AA")),
    "420": of(put("Episodes", "SHORT", PL_POST="AA1 1AB"), also="214 398", why="a short break has no postcode at all"),
    "454": of(put("Episodes", "STEADY", PL_POST="ZZ1 1ZZ")),
    "452": of(
        put("Episodes", "STEADY", PL_POST="BB1 1BB"),
        put("Episodes_last", "STEADY", PL_POST="CC1 1CC"),
        also="503H",
        why="both rules compare the authority with last year's",
    ),
    "453": of(
        put("Episodes_last", "STEADY", PL_POST="AA1 1AE"), also="503G", why="both compare the distance with last year's"
    ),
    "503G": of(
        put("Episodes_last", "STEADY", PL_POST="AA1 1AE", RNE="P"),
        also="503A",
        why="another reason for the episode is what keeps 453 from it",
    ),
    "503H": of(
        put("Episodes", "STEADY", PL_POST="BB1 1BB"),
        put("Episodes_last", "STEADY", PL_POST="CC1 1CC", RNE="P"),
        also="503A",
        why="another reason for the episode is what keeps 452 from it",
    ),
    "503J": of(
        put("Episodes_last", "STEADY", PL_POST="BB1 1BB"),
        also="452 503H",
        why="what was in another authority had another authority",
    ),
    "1015": of(put("Episodes", "GIRL", 1, PLACE_PROVIDER="PR1", PL_POST="BB1 1BB")),
    "218": of(put("Episodes", "STEADY", URN="")),
    "243": of(put("Episodes", "STEADY", PL_POST="SC1 1SC")),
    "219": of(put("Episodes", "GIRL", 1, URN="2222222")),
    "221": of(put("Episodes", "GIRL", 1, PL_POST="AA1 1AB")),
    "224": of(put("Episodes", "GIRL", 1, PLACE_PROVIDER="PR5")),
    "227": of(
        put("Episodes", "GIRL", 1, URN="3333333"),
        also="228",
        why="what begins after a provider closed goes on after it",
    ),
    "228": of(put("Episodes", "GIRL", 1, URN="4444444")),
    "229": of(put("Episodes", "GIRL", 1, URN="6666666", PLACE_PROVIDER="PR2")),
    "241": of(
        born("GIRL", "01/01/2009"),
        put("Episodes", "GIRL", 1, PLACE="K3", URN="7777777", PL_POST="BB1 1BB"),
        also="221",
        why="a home in no authority where the provider has premises is at none of their postcodes",
    ),
    "1008": of(
        put("Episodes", "STEADY", URN="9999999"),
        also="219 224",
        why="a provider that is not known offers nothing",
    ),
}
