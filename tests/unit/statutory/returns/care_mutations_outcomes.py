"""One change for each rule about outcomes, care leavers, adoption and decisions."""

from __future__ import annotations

from collections.abc import Mapping

from tests.unit.statutory.returns.care_changes import Change, add, born, copy, copy_last, drop, of, put

_LEAVER = {"IN_TOUCH": "NO", "ACTIV": "G5", "ACCOM": "R1"}
_HEALTH = {"IMMUNISATIONS": "1", "TEETH_CHECK": "1", "HEALTH_ASSESSMENT": "1", "SUBSTANCE_MISUSE": "0"}
_UNDONE = {"DATE_PLACED_CEASED": "01/06/2025", "REASON_PLACED_CEASED": "RD1"}
_HALF = "an answer missing of a child in care all year is missed by each rule that asks for it"
_INCOMPLETE = "what is returned of an adoption in the year is complete"

OUTCOMES: Mapping[str, Change] = {
    "157": of(put("OC2", "STEADY", SDQ_SCORE="", SDQ_REASON="SDQ1")),
    "158": of(put("OC2", "AWAY", INTERVENTION_OFFERED="1")),
    "159": of(put("OC2", "AWAY", INTERVENTION_RECEIVED="0")),
    "180": of(put("OC2", "STEADY", SDQ_SCORE="41")),
    "181": of(put("OC2", "STEADY", TEETH_CHECK="2")),
    "182": of(put("OC2", "STEADY", TEETH_CHECK=""), also="191 544", why=_HALF),
    "185": of(add("OC2", "LEFT", SDQ_SCORE="12")),
    "186": of(put("OC2", "STEADY", SDQ_SCORE="")),
    "188": of(put("OC2", "BABY", SDQ_SCORE="10")),
    "189": of(born("AWAY", "31/03/2008")),
    "190": of(add("OC2", "LEFT", **_HEALTH)),
    "191": of(drop("OC2", "STEADY")),
    "192": of(put("OC2", "AWAY", INTERVENTION_RECEIVED="")),
    "193": of(put("OC2", "STEADY", INTERVENTION_RECEIVED="0")),
    "196": of(put("OC2", "STEADY", SDQ_SCORE="", SDQ_REASON="SDQ9")),
    "197B": of(born("BABY", "10/01/2022")),
    "197a": of(put("OC2", "STEADY", SDQ_REASON="SDQ4")),
    "198": of(add("OC2", "LEFT", SDQ_REASON="SDQ4")),
    "215": of(add("OC2", "LEAVER", **_HEALTH), also="190 1012", why="a care leaver was not in care, and not all year"),
    "542": of(put("OC2", "BABY", CONVICTED="0")),
    "543": of(put("OC2", "STEADY", CONVICTED="")),
    "544": of(put("OC2", "STEADY", IMMUNISATIONS=""), also="182 191", why=_HALF),
    "545": of(put("OC2", "BABY", HEALTH_CHECK="")),
    "546": of(put("OC2", "STEADY", HEALTH_CHECK="1")),
    "547": of(put("OC2", "BABY", TEETH_CHECK=""), also="182 191", why=_HALF),
    "INT33": of(copy("OC2", "STEADY")),
    "INT05": of(add("OC2", "NEW"), also="1012", why="a child who is nowhere has no episode"),
    "INT14": of(put("OC2", "STEADY", DOB="11/05/2015")),
    "131": of(put("OC3", "LEAVER", IN_TOUCH="XX")),
    "132": of(put("OC3", "LEAVER", ACTIV="F9")),
    "133": of(put("OC3", "LEAVER", ACCOM="S1")),
    "134": of(
        copy("AD1", "ADOPT", CHILD="LEAVER", DOB="10/08/2006"),
        also="602 1012",
        why="a care leaver has no adoption, and no episode, in the year",
    ),
    "153": of(put("OC3", "LEAVER", ACTIV=""), also="132", why="what the care leaver does is asked for by itself too"),
    "187": of(
        copy("AD1", "ADOPT", CHILD="STEADY", DOB="10/05/2015"),
        also="602",
        why="a child in care all year was not adopted in it",
    ),
    "344": of(put("OC3", "LEAVER", IN_TOUCH="DIED")),
    "345": of(put("OC3", "LEAVER", ACTIV="0")),
    "347": of(put("OC3", "LEAVER", ACCOM="T1"), born("LEAVER", "01/06/2007")),
    "348": of(copy_last("OC3", "LEAVER", IN_TOUCH="DIED", ACTIV="0", ACCOM="0")),
    "391": of(born("LEAVER", "01/05/2009")),
    "1000": of(born("LEFT", "01/06/2006"), put("Episodes", "LEFT", REC="E2"), add("OC3", "LEFT", **_LEAVER)),
    "1001": of(put("Episodes_last", "LEAVER", DECOM="01/07/2024")),
    "1002": of(drop("Episodes_last", "LEAVER"), also="1001", why="who was never in care was not in care for 13 weeks"),
    "1007": of(born("SEEK", "15/09/2008"), add("OC3", "SEEK", **_LEAVER)),
    "1010": of(put("Episodes_last", "LEAVER", DEC="", REC="")),
    "1011": of(born("LEFT", "01/06/2006"), put("Episodes", "LEFT", REC="E3"), add("OC3", "LEFT", **_LEAVER)),
    "1014": of(
        born("LEFT", "01/06/2006"),
        put("Episodes", "LEFT", DEC="01/03/2025"),
        add("UASC", "LEFT", SEX="M"),
        add("OC3", "LEFT", **_LEAVER),
    ),
    "1016": of(born("LEFT", "01/06/2008"), put("Episodes", "LEFT", DECOM="01/07/2025"), add("OC3", "LEFT", **_LEAVER)),
    "3001": of(put("OC3", "LEAVER", ACCOM="Z1"), born("LEAVER", "10/08/2008")),
    "INT34": of(copy("OC3", "LEAVER")),
    "INT06": of(copy("OC3", "LEAVER", CHILD="NEW")),
    "INT15": of(put("OC3", "LEAVER", DOB="11/08/2006")),
}

ADOPTION: Mapping[str, Change] = {
    "112": of(put("AD1", "ADOPT", DATE_INT="31/02/2023"), also="151 333 601", why=_INCOMPLETE),
    "113": of(put("AD1", "ADOPT", DATE_MATCH="31/02/2025"), also="151 601", why=_INCOMPLETE),
    "114": of(put("AD1", "ADOPT", FOSTER_CARE="2")),
    "151": of(put("AD1", "ADOPT", NB_ADOPTR=""), also="601", why=_INCOMPLETE),
    "175": of(put("AD1", "ADOPT", NB_ADOPTR="3")),
    "176": of(put("AD1", "ADOPT", SEX_ADOPTR="XX"), also="520", why="each legal status allows certain codes only"),
    "177": of(put("AD1", "ADOPT", LS_ADOPTR="L9")),
    "331": of(put("AD1", "ADOPT", DATE_MATCH="02/06/2025")),
    "333": of(put("AD1", "ADOPT", DATE_MATCH="01/06/2023")),
    "334": of(
        put("AD1", "ADOPT", DATE_INT="30/06/2023"), also="523", why="moved with it, the other table would break 1003"
    ),
    "335": of(put("AD1", "ADOPT", FOSTER_CARE="1")),
    "511": of(put("AD1", "ADOPT", SEX_ADOPTR="M1", LS_ADOPTR="L0")),
    "514": of(put("AD1", "ADOPT", LS_ADOPTR="L0")),
    "517": of(put("AD1", "ADOPT", LS_ADOPTR="L3", SEX_ADOPTR="MM")),
    "518": of(put("AD1", "ADOPT", LS_ADOPTR="L4")),
    "519": of(put("AD1", "ADOPT", LS_ADOPTR="L2", SEX_ADOPTR="M1", NB_ADOPTR="1")),
    "520": of(put("AD1", "ADOPT", SEX_ADOPTR="FF")),
    "524": of(put("AD1", "ADOPT", LS_ADOPTR="L12")),
    "525": of(
        put("PlacedAdoption", "ADOPT", **_UNDONE),
        also="558",
        why="somebody adopted in the year has no reversed decision",
    ),
    "602": of(copy("AD1", "ADOPT", CHILD="LEFT", DOB="14/02/2017", DATE_INT="01/06/2024")),
    "INT31": of(copy("AD1", "ADOPT")),
    "INT01": of(copy("AD1", "ADOPT", CHILD="NEW"), also="602 1012", why="a child who is nowhere has no episode"),
    "INT11": of(put("AD1", "ADOPT", DOB="02/06/2022")),
    "521": of(
        put("AD1", "ADOPT", DATE_INT="02/06/2025"),
        also="333 523",
        why="a decision after the placement is after the match",
    ),
    "551": of(put("PlacedAdoption", "ADOPT", DATE_PLACED="")),
    "552": of(
        put("Episodes", "ADOPT", LS="C2"),
        put("Episodes", "ADOPT", 1, LS="C2", PLACE="A4"),
        put("PlacedAdoption", "ADOPT", DATE_PLACED="02/06/2025"),
        also="523",
        why="moved with it, the other table would break 521",
    ),
    "553": of(put("Episodes", "STEADY", LS="E1")),
    "557": of(put("Episodes", "LEFT", LS="E1"), add("PlacedAdoption", "LEFT", DATE_PLACED="01/02/2024")),
    "582": of(
        put("AD1", "ADOPT", DATE_MATCH="15/12/2025"),
        also="331",
        why="a match on the day of adoption is after placement",
    ),
    "601": of(drop("AD1", "ADOPT")),
    "115": of(add("PlacedAdoption", "LEFT", DATE_PLACED="31/02/2025")),
    "116": of(add("PlacedAdoption", "LEFT", DATE_PLACED="01/06/2024", DATE_PLACED_CEASED="31/02/2025")),
    "117": of(add("PlacedAdoption", "LEFT", DATE_PLACED="02/12/2025")),
    "118": of(
        add(
            "PlacedAdoption",
            "LEFT",
            DATE_PLACED="01/06/2024",
            DATE_PLACED_CEASED="01/03/2025",
            REASON_PLACED_CEASED="RD1",
        )
    ),
    "119": of(add("PlacedAdoption", "LEFT", DATE_PLACED="01/06/2024", REASON_PLACED_CEASED="RD1")),
    "120": of(add("PlacedAdoption", "LEFT", DATE_PLACED="01/06/2024", **(_UNDONE | {"REASON_PLACED_CEASED": "RD9"}))),
    "184": of(add("PlacedAdoption", "LEFT", DATE_PLACED="01/06/2024", DOB="")),
    "522": of(add("PlacedAdoption", "LEFT", DATE_PLACED="01/07/2025", **_UNDONE)),
    "523": of(put("AD1", "ADOPT", DATE_INT="02/07/2023")),
    "554": of(put("AD1", "ADOPT", DATE_INT="02/07/2023"), put("PlacedAdoption", "ADOPT", DATE_PLACED="02/07/2023")),
    "558": of(
        put("PlacedAdoption", "ADOPT", **_UNDONE), also="525", why="nothing is returned of an adoption after a reversal"
    ),
    "559": of(add("PlacedAdoption", "LEFT", DATE_PLACED="01/06/2024")),
    "560": of(put("PlacedAdoption_last", "ADOPT", DATE_PLACED="02/07/2023")),
    "561": of(
        put("PlacedAdoption_last", "ADOPT", DATE_PLACED_CEASED="01/03/2025", REASON_PLACED_CEASED="RD1"),
        also="584",
        why="a decision of the same day is not later than the one reversed",
    ),
    "563": of(add("PlacedAdoption", "LEFT", **_UNDONE)),
    "579": of(
        add(
            "PlacedAdoption",
            "LEFT",
            DATE_PLACED="01/06/2024",
            DATE_PLACED_CEASED="01/08/2025",
            REASON_PLACED_CEASED="RD1",
        ),
        add("PlacedAdoption", "LEFT", DATE_PLACED="01/07/2025"),
    ),
    "583": of(
        add("PlacedAdoption", "LEFT", DATE_PLACED="01/06/2024"),
        add("PlacedAdoption", "LEFT", DATE_PLACED="01/07/2025"),
        also="579",
        why="a decision that was never reversed had not been when the next was made",
    ),
    "584": of(
        put(
            "PlacedAdoption_last",
            "ADOPT",
            DATE_PLACED="01/08/2023",
            DATE_PLACED_CEASED="01/03/2025",
            REASON_PLACED_CEASED="RD1",
        )
    ),
    "1003": of(add("PlacedAdoption", "LEFT", DATE_PLACED="01/01/2024")),
    "INT02": of(
        add("PlacedAdoption", "NEW", DATE_PLACED="01/06/2024", DOB="14/02/2017"),
        also="1012",
        why="a child who is nowhere has no episode",
    ),
    "INT12": of(add("PlacedAdoption", "LEFT", DATE_PLACED="01/06/2024", DOB="15/02/2017")),
}
