"""One change of a built census for each rule: what to change, and which other rules it cannot but break, with why.

The census is the invented borough's own, built from its record: a few of its children, each chosen for what happened
to them (`cin_roles.py`). Days in a change are told by the child's own: "@CINreferralDate-1" is the day before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta

from lxml import etree
from tests.unit.statutory.returns.cin_roles import Census

from kith.vocabulary.identifiers import upn_check_letter

Edit = tuple[str, str, str | None]
"""A role ("" the census, "*" each child), a path below it, and the text to put there (made where it is not), "<…" to
add, None to take away. "@Name" or "@ROLE/Name" in the text is what that child said first under the name, as built."""
_SAID = re.compile(r"@(?:(\w+)/)?([A-Za-z]\w+)([+-]\d+)?")


@dataclass(frozen=True)
class Mutation:
    """Edits of the census of a year. `also` are the rules that break with it; `why` says why they must."""

    edits: tuple[Edit, ...]
    also: frozenset[str] = frozenset()
    why: str = ""
    year: int = 2026


def mutated(mutation: Mutation, census: Census) -> etree._Element:
    """The built census with the edits made."""
    root = deepcopy(census.root)
    children = list(root.iter("Child"))
    roles = {name: children[at] for name, at in census.roles.items()}
    for role, path, value in [(role, path, _resolved(value, role, census)) for role, path, value in mutation.edits]:
        for top in children if role == "*" else [roles[role] if role else root]:
            _edit(top, path, value)
    return root


def _resolved(value: str | None, role: str, census: Census) -> str | None:
    def said(found: re.Match[str]) -> str:
        text = census.said(found[1] or role, found[2])
        return f"{date.fromisoformat(text) + timedelta(days=int(found[3]))}" if found[3] else text

    return value if value is None else _SAID.sub(said, value)


def _edit(top: etree._Element, path: str, value: str | None) -> None:
    found = top.find(path) if path else top
    if value is None:
        if found is not None:
            found.getparent().remove(found)
    elif value.startswith("<"):
        assert found is not None, path
        found.append(etree.fromstring(value))
    else:
        if found is None:
            parent, _, name = path.rpartition("/")
            found = etree.SubElement(top.find(parent), name)
        found.text = value


def _of(*edits: Edit, also: str = "", why: str = "", year: int = 2026) -> Mutation:
    return Mutation(edits, frozenset(also.split()), why, year)


ID, C = "ChildIdentifiers", "CINdetails"
A, P, S = f"{C}/Assessments", f"{C}/CINPlanDates", f"{C}/Section47"
CP = f"{C}/ChildProtectionPlans"
W = f"{CP}/Reviews"
F = f"{A}/FactorsIdentifiedAtAssessment"


def _plan(start: str, end: str = "") -> str:
    ended = f"<CINPlanEndDate>{end}</CINPlanEndDate>" if end else ""
    return f"<CINPlanDates><CINPlanStartDate>{start}</CINPlanStartDate>{ended}</CINPlanDates>"


def _protection(start: str, end: str = "") -> str:
    ended = f"<CPPendDate>{end}</CPPendDate>" if end else ""
    codes = "<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse><LatestCategoryOfAbuse>NEG</LatestCategoryOfAbuse>"
    before = "<NumberOfPreviousCPP>1</NumberOfPreviousCPP>"
    return f"<ChildProtectionPlans><CPPstartDate>{start}</CPPstartDate>{ended}{codes}{before}</ChildProtectionPlans>"


def _enquiry(start: str, conference: str = "", needed: str = "0") -> str:
    held = f"<DateOfInitialCPC>{conference}</DateOfInitialCPC>" if conference else ""
    return (
        f"<Section47><S47ActualStartDate>{start}</S47ActualStartDate>{held}"
        f"<ICPCnotRequired>{needed}</ICPCnotRequired></Section47>"
    )


def _assessment(start: str, end: str = "") -> str:
    ended = f"<AssessmentAuthorisationDate>{end}</AssessmentAuthorisationDate>" if end else ""
    factors = "<FactorsIdentifiedAtAssessment><AssessmentFactors>4B</AssessmentFactors></FactorsIdentifiedAtAssessment>"
    began = f"<AssessmentActualStartDate>{start}</AssessmentActualStartDate>"
    return f"<Assessments>{began}{ended}{factors if end else ''}</Assessments>"


def _referral(day: str, closed: str = "") -> str:
    ended = f"<CINclosureDate>{closed}</CINclosureDate><ReasonForClosure>RC7</ReasonForClosure>" if closed else ""
    return (
        f"<CINdetails><CINreferralDate>{day}</CINreferralDate><ReferralSource>6</ReferralSource>"
        f"<PrimaryNeedCode>N1</PrimaryNeedCode>{ended}<ReferralNFA>0</ReferralNFA></CINdetails>"
    )


_FACTOR = "<AssessmentFactors>{}</AssessmentFactors>"
_DISABILITY = "<Disability>{}</Disability>"
_D = "ChildCharacteristics/Disabilities"
_HEAD = "Header/CollectionDetails"
# The days of a child: referred, assessment begun and ended, enquiry, conference and plan, review; plan in need; closed.
R, A0, A1 = "@CINreferralDate", "@AssessmentActualStartDate", "@AssessmentAuthorisationDate"
K, V = "@CPPstartDate", "@CPPreviewDate"
B, E, X = "@CINPlanStartDate", "@CINPlanEndDate", "@CINclosureDate"

MUTATIONS: Mapping[str, Mutation] = {
    "100": _of(("", f"{_HEAD}/ReferenceDate", "2026-03-30")),
    "1103": _of(("FULL", f"{A}/AssessmentActualStartDate", f"{R}-1")),
    "1104": _of(
        ("FULL", f"{C}/CINreferralDate", f"{K}+3"),
        ("FULL", f"{A}/AssessmentActualStartDate", f"{K}+4"),
        ("FULL", f"{A}/AssessmentAuthorisationDate", f"{K}+5"),
        ("FULL", f"{S}/S47ActualStartDate", None),
        ("FULL", CP, None),
        also="8615",
        why="an enquiry that starts in time cannot lead to a conference before the referral",
    ),
    "1105": _of(
        ("FULL", CP, None),
        ("FULL", C, _protection(f"{R}-3")),
        also="2885",
        why="a conference before the referral would break 1104 in its place",
    ),
    "1510": _of(("FULL", f"{ID}/UPN", "A001000015001")),
    "1520": _of(("OTHER1", f"{ID}/UPN", "@FULL/UPN")),
    "1530": _of(("FULL", f"{ID}/UPN", upn_check_letter("999000015000") + "999000015000")),
    "1540": _of(("FULL", f"{ID}/UPN", "A0010A0015000")),
    "1550": _of(("FULL", f"{ID}/UPN", "A00100001500O")),
    "1560Q": _of(("FULL", f"{ID}/FormerUPN", "A12345")),
    "1570": _of(("FULL", f"{ID}/LAchildID", "A" * 21)),
    "1580": _of(("FULL", f"{ID}/LAchildID", "FULL-1")),
    "2883": _of(
        ("OPEN", C, _protection("2025-11-03")),
        also="2885",
        why="a plan that no conference decided is one more than were held",
    ),
    "2884": _of(("FULL", f"{C}/DateOfInitialCPC", K)),
    "2885": _of(("FULL", f"{CP}/CPPstartDate", f"{K}+3")),
    "2886Q": _of(*((f"OTHER{each}", f"{ID}/Sex", "U") for each in range(3))),
    "2887Q": _of(
        ("*", _D, None),
        ("*", "ChildCharacteristics", "<Disabilities><Disability>NONE</Disability></Disabilities>"),
    ),
    "2888Q": _of(("*", f"{_D}/Disability[2]", None)),
    "2889": _of(("FULL", f"{S}/S47ActualStartDate", f"{R}-1")),
    "2990": _of(("QUICK", C, _plan(f"{R}+1", f"{R}+3"))),
    "2991Q": _of(("FULL", A, None)),
    "4000": _of(
        ("NONE", C, _plan(R, X)),
    ),
    "4001": _of(
        ("FULL", C, _plan(f"{K}-10")),
        also="4003 4017",
        why="a plan of one kind that is open while the other begins is one the other begins in",
    ),
    "4003": _of(
        ("FULL", C, _plan(f"{V}-1", f"{V}+1")),
        also="4016",
        why="a child in need plan that a review falls in begins during the plan reviewed",
    ),
    "4004": _of(
        ("OPEN", C, _plan("2025-11-10")),
        ("OPEN", C, _plan("2025-12-10")),
        also="4014",
        why="two plans that are both open overlap",
    ),
    "4008": _of(
        ("PLAN", f"{ID}/PersonDeathDate", f"{B}-1"),
        also="4009Q",
        why="a plan that starts after a death ends after it",
    ),
    "4009Q": _of(("PLAN", f"{ID}/PersonDeathDate", f"{E}-10")),
    "4010": _of(("PLAN", f"{P}/CINPlanStartDate", None)),
    "4011": _of(("PLAN", f"{P}/CINPlanEndDate", f"{B}-1")),
    "4012Q": _of(("PLAN", f"{P}/CINPlanEndDate", B)),
    "4013": _of(("OPEN", C, _plan("2025-11-10", "2026-04-01"))),
    "4014": _of(("PLAN", C, _plan(E, f"{E}+1"))),
    "4015": _of(("PLAN", f"{P}/CINPlanStartDate", f"{R}-1")),
    "4016": _of(("FULL", C, _plan(f"{K}+10", f"{K}+30"))),
    "4017": _of(("FULL", C, _plan(f"{K}-10", f"{K}+5"))),
    "4180": _of(("FULL", f"{ID}/Sex", "X")),
    "4220": _of(("FULL", "ChildCharacteristics/Ethnicity", "XXXX")),
    "8500": _of(("FULL", f"{ID}/LAchildID", None)),
    "8510": _of(("OTHER1", f"{ID}/LAchildID", "@OTHER2/LAchildID")),
    "8520": _of(
        ("LATER", f"{ID}/PersonBirthDate", "2026-04-05"),
    ),
    "8525Q": _of(("FULL", f"{ID}/PersonBirthDate", None)),
    "8530Q": _of(("UNBORN", f"{ID}/ExpectedPersonBirthDate", "2026-02-20")),
    "8535Q": _of(("OPEN", f"{ID}/PersonBirthDate", "2026-02-02"), ("OPEN", f"{ID}/PersonDeathDate", "2026-02-01")),
    "8540": _of(("FULL", _D, None)),
    "8545Q": _of(("OPEN", f"{ID}/PersonDeathDate", "2026-04-02")),
    "8555Q": _of(("OPEN", f"{ID}/PersonDeathDate", f"{R}-1")),
    "8565": _of(("PLAN", f"{C}/CINclosureDate", f"{E}-1")),
    "8568": _of(
        ("NONE", f"{C}/ReferralNFA", "2"),
    ),
    "8569Q": _of(("NONE", f"{C}/CINreferralDate", "2025-03-28")),
    "8585Q": _of(("PLAN", f"{C}/ReasonForClosure", "RC2")),
    "8590": _of(("NONE", C, None)),
    "8600": _of(("OPEN", f"{C}/CINreferralDate", None)),
    "8606": _of(("OPEN", f"{ID}/PersonBirthDate", f"{R}+281")),
    "8608": _of(("FULL", f"{A}/AssessmentAuthorisationDate", f"{A0}-1")),
    "8610": _of(("FULL", f"{C}/PrimaryNeedCode", None)),
    "8614": _of(
        ("OPEN", f"{C}/CINreferralDate", "2026-03-02"),
        ("OPEN", f"{A}/AssessmentActualStartDate", "2026-03-03"),
        ("OPEN", f"{A}/AssessmentAuthorisationDate", None),
    ),
    "8615": _of(("FULL", f"{S}/S47ActualStartDate", f"{K}+1")),
    "8620": _of(("PLAN", f"{C}/CINclosureDate", "2026-04-01")),
    "8630": _of(("NONE", f"{C}/CINclosureDate", f"{R}-1")),
    "8640": _of(("PLAN", f"{C}/ReasonForClosure", "RC0")),
    "8650": _of(("PLAN", f"{C}/PrimaryNeedCode", "N10")),
    "8670Q": _of(("OPEN", f"{A}/AssessmentAuthorisationDate", None), ("OPEN", F, None)),
    "8675Q": _of(("OPEN", C, _enquiry("2026-03-09"))),
    "8696": _of(("OPEN", f"{A}/AssessmentAuthorisationDate", "2026-04-01")),
    "8715": _of(("OPEN", C, _enquiry("2026-03-30", "2026-04-01"))),
    "8720": _of(("FULL", f"{CP}/CPPstartDate", None)),
    "8730": _of(("FULL", f"{CP}/NumberOfPreviousCPP", "none")),
    "8736": _of(
        ("OPEN", C, _assessment("2026-04-01")),
    ),
    "8740": _of(
        ("OPEN", f"{C}/CINreferralDate", "2025-03-20"),
        ("OPEN", C, _enquiry("2025-03-31")),
        also="8675Q",
        why="an enquiry begun before the year has gone on for more than 15 working days at its end",
    ),
    "8750": _of(("UNBORN", f"{ID}/Sex", "F")),
    "8770Q": _of(("FULL", f"{ID}/UPN", None)),
    "8772": _of(("FULL", f"{ID}/UPNunknown", "UN7")),
    "8775Q": _of(("FULL", f"{ID}/PersonBirthDate", "2001-03-30")),
    "8790": _of(("FULL", _D, _DISABILITY.format("AUT"))),
    "8794": _of(("FULL", _D, _DISABILITY.format("NONE"))),
    "8805": _of(("PLAN", f"{C}/ReasonForClosure", None)),
    "8810": _of(("PLAN", f"{C}/CINclosureDate", None)),
    "8815": _of(("OPEN", "", _referral(R)), also="8820", why="two cases that are both open overlap"),
    "8816": _of(("OPEN", "", _referral("2026-03-31", "2026-03-31"))),
    "8820": _of(("PLAN", "", _referral(f"{X}-1", f"{X}+50"))),
    "8825Q": _of(("QUICK", A, None)),
    "8831": _of(("NONE", C, _assessment(R, X))),
    "8832": _of(
        ("NONE", C, _protection(R)),
        ("NONE", f"{C}/DateOfInitialCPC", R),
        also="8831",
        why="a plan begins with a conference, and this referral may have none",
    ),
    "8839": _of(
        ("OPEN", C, _enquiry("2026-03-20")),
        ("OPEN", C, _enquiry("2026-03-25")),
        also="8890",
        why="two enquiries that are both in progress overlap",
    ),
    "8840": _of(("FULL", f"{CP}/CPPendDate", K)),
    "8841": _of(("FULL", f"{W}/CPPreviewDate", K)),
    "8842Q": _of(("FULL", f"{W}/CPPreviewDate", None)),
    "8863Q": _of(("FULL", C, _assessment(A1, f"{A1}+10"))),
    "8866": _of(("FULL", f"{C}/ReferralSource", "11")),
    "8867": _of(
        ("PLAN", C, _assessment(f"{X}-5")),
        also="8670Q",
        why="an assessment of a case closed by December is 45 working days old by the end of March",
    ),
    "8868": _of(
        ("PLAN", C, _enquiry(f"{X}-5")),
        also="8675Q",
        why="an enquiry of a case closed by December is 15 working days old by the end of March",
    ),
    "8869": _of(("QUICK", F, _FACTOR.format("4B"))),
    "8870Q": _of(("FULL", f"{S}/InitialCPCtarget", "2025-06-28")),
    "8873Q": _of(("QUICK", f"{C}/ReasonForClosure", "RC7")),
    "8875": _of(("OPEN", C, _enquiry("2025-11-03", "2025-11-15"))),
    "8890": _of(("FULL", C, _enquiry(K, needed="1"))),
    "8896": _of(
        ("OPEN", C, _assessment("2026-03-20")),
        ("OPEN", C, _assessment("2026-03-25")),
        also="8863Q",
        why="two assessments that are both unfinished overlap",
    ),
    "8897Q": _of(("FULL", F, _FACTOR.format("99Z"))),
    "8898": _of(("FULL", F, _FACTOR.format("@AssessmentFactors"))),
    "8905": _of(("FULL", f"{CP}/InitialCategoryOfAbuse", "XXX")),
    "8910": _of(("FULL", f"{CP}/LatestCategoryOfAbuse", None)),
    "8915": _of(("FULL", f"{ID}/PersonDeathDate", f"{K}-1")),
    "8920": _of(("FULL", f"{CP}/CPPendDate", f"{V}+2"), ("FULL", f"{ID}/PersonDeathDate", f"{V}+1")),
    "8925": _of(("FULL", f"{CP}/CPPendDate", f"{K}-1")),
    "8930": _of(("FULL", f"{CP}/CPPendDate", "2026-04-01")),
    "8935": _of(
        ("FULL", C, _protection(K)),
        also="8940 2883",
        why="two plans that are both open overlap, and one conference decided both",
    ),
    "8940": _of(
        ("FULL", f"{CP}/CPPendDate", f"{V}+14"),
        ("FULL", C, _enquiry(f"{V}-1", f"{V}+14")),
        ("FULL", C, _protection(f"{V}+14")),
    ),
    "8945Q": _of(("FULL", F, _FACTOR.format("18A"))),
    "8950Q": _of(("FULL", F, _FACTOR.format("19A"))),
}

OF_2024: Mapping[str, Mutation] = {
    "2886Q": _of(*((f"OTHER{each}", f"{ID}/GenderCurrent", "0") for each in range(3)), year=2024),
    "4180": _of(("FULL", f"{ID}/GenderCurrent", "M"), year=2024),
    "8750": _of(("UNBORN", f"{ID}/GenderCurrent", "1"), year=2024),
    "8770Q": _of(("FULL", f"{ID}/UPN", None), year=2024),
}
"""The rules that asked otherwise before sex replaced gender."""
