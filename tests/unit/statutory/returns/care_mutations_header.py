"""One change for each rule about the child, reviews, earlier permanence and unaccompanied asylum-seeking children."""

from __future__ import annotations

from collections.abc import Mapping

from tests.unit.statutory.returns.care_changes import Change, add, born, copy, copy_last, drop, of, put

MUTATIONS: Mapping[str, Change] = {
    "101": of(put("Header", "STEADY", SEX="X")),
    "102": of(put("Header", "STEADY", DOB="31/02/2015")),
    "103": of(put("Header", "STEADY", ETHNIC="XXXX")),
    "165": of(put("Header", "GIRL", MOTHER="2")),
    "168": of(put("Header", "STEADY", UPN="A12")),
    "171": of(put("Header", "GIRL", MC_DOB="31/02/2025")),
    "174": of(put("Header", "STEADY", MC_DOB="01/05/2025")),
    "202": of(put("Header_last", "STEADY", SEX="F")),
    "203": of(put("Header_last", "STEADY", DOB="11/05/2015")),
    "204": of(put("Header_last", "STEADY", ETHNIC="WIRI")),
    "207": of(put("Header", "MUM", MOTHER="0", MC_DOB=""), put("Header_last", "MUM", MOTHER="1")),
    "208": of(put("Header_last", "STEADY", UPN="A001000012345")),
    "209": of(put("Header", "STEADY", UPN="UN1")),
    "210": of(put("Header", "STEADY", UPN="UN4")),
    "231": of(born("SEEK", "31/03/2015")),
    "232": of(put("Header", "STEADY", SEX="U")),
    "301": of(born("SHORT", "01/05/2026"), also="302", why="a child born after the year was in care before birth"),
    "351": of(born("LEAVER", "01/01/2000")),
    "393": of(
        put("Header", "GIRL", MOTHER=""), also="165", why="what is asked of girls in care is asked of girls in the year"
    ),
    "399": of(add("Reviews", "SHORT", REVIEW="15/08/2025", REVIEW_CODE="PN1")),
    "442": of(put("Header", "STEADY", UPN="")),
    "444": of(put("Header", "STEADY", UPN="A001000012345"), put("Header", "LEFT", UPN="A001000012345")),
    "607": of(
        put("Header", "LEFT", SEX="F"), also="165 393", why="a girl who left care in the year was in care in the year"
    ),
    "611": of(put("Header", "GIRL", MOTHER="1")),
    "612": of(put("Header", "GIRL", MC_DOB="01/02/2026")),
    "620": of(put("Header", "STEADY", SEX="F", MOTHER="1", MC_DOB="01/05/2025")),
    "621": of(put("Header", "MUM", MC_DOB="01/01/2009")),
    "624": of(put("Header_last", "MUM", MC_DOB="01/05/2024")),
    "625": of(put("Header", "MUM", MC_DOB="02/04/2026")),
    "626": of(put("Header", "MUM", MC_DOB="01/03/2025")),
    "628": of(
        put("Header", "LEAVER", SEX="F", MOTHER="0"),
        also="165",
        why="a care leaver not in care is not in care in the year",
    ),
    "EPI": of(add("Header", "NEW", SEX="M", DOB="01/01/2015", ETHNIC="WBRI", UPN="UN3")),
    "INT32": of(copy("Header", "STEADY", UPN="UN2")),
    "166": of(put("Reviews", "STEADY", REVIEW="31/02/2026", REVIEW_CODE="")),
    "167": of(put("Reviews", "STEADY", REVIEW_CODE="PN9")),
    "440": of(put("Reviews", "STEADY", REVIEW_CODE="PN0")),
    "441": of(put("Reviews", "BABY", REVIEW_CODE="PN1")),
    "630": of(drop("PrevPerm", "GIRL")),
    "631": of(put("PrevPerm", "STEADY", PREV_PERM="X9")),
    "632": of(put("PrevPerm", "STEADY", PREV_PERM="P1", LA_PERM="999", DATE_PERM="ZZ/13/2010")),
    "633": of(put("PrevPerm", "STEADY", PREV_PERM="P1", LA_PERM="100", DATE_PERM="ZZ/ZZ/2018")),
    "634": of(put("Episodes", "AWAY", DECOM="01/02/2015")),
    "635": of(put("PrevPerm", "STEADY", LA_PERM="999")),
    "INT35": of(copy("PrevPerm", "STEADY")),
    "104": of(put("UASC", "SEEK", DUC="01/03/2025")),
    "205A": of(copy_last("UASC", "SEEK", CHILD="STEADY")),
    "205B": of(copy_last("Header", "SEEK"), copy_last("UASC", "SEEK", DUC="01/01/2026")),
    "205D": of(copy_last("Header", "SEEK")),
    "304": of(put("UASC", "SEEK", DUC="16/09/2027")),
    "INT36": of(copy("UASC", "SEEK")),
    "INT09": of(copy("UASC", "SEEK", CHILD="NEW")),
    "INT18": of(put("UASC", "SEEK", DOB="16/09/2009")),
    "INT21": of(put("UASC", "SEEK", SEX="F")),
    "INT16": of(put("PrevPerm", "STEADY", DOB="11/05/2015")),
    "INT17": of(put("Reviews", "STEADY", DOB="11/05/2015")),
    "INT07": of(copy("PrevPerm", "STEADY", CHILD="NEW"), also="1012", why="a child who is nowhere has no episode"),
    "INT08": of(copy("Reviews", "STEADY", CHILD="NEW"), also="1012", why="a child who is nowhere has no episode"),
    "1012": of(add("Reviews", "LEAVER", REVIEW="15/08/2025", REVIEW_CODE="PN1")),
}
