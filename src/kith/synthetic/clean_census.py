"""A small children in need census that passes every rule: what each rule is tried on, one change at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from lxml import etree

from kith.vocabulary.identifiers import upn_check_letter

PSEUDO_AUTHORITY = "001"  # a number that pupil numbers were given out by, and no authority has
_FILLERS = 60  # children enough that one with a fault is under the 2% that a rule about the whole return allows
_DISABILITIES = ("MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR", "VIS", "BEH")
_REPEATED = {"Disabilities": "Disability", "FactorsIdentifiedAtAssessment": "AssessmentFactors"}

Fields = Mapping[str, object]


def clean_census(*, year: int) -> etree._Element:
    """The census of the year that ends on 31 March of `year`, as XML that passes every rule of that year.

    The children: FULL (assessed, enquired into, on a child protection plan that goes on), PLAN (a child in need whose
    case is closed), QUICK (closed after assessment), NONE (no further action), UNBORN, and sixty others.
    """
    root = etree.Element("Message")
    header = etree.SubElement(root, "Header")
    details = {"Collection": "CIN", "Year": f"{year}", "ReferenceDate": f"{year}-03-31"}
    source = {"SourceLevel": "L", "LEA": PSEUDO_AUTHORITY, "SoftwareCode": "Kith", "Release": "1", "SerialNo": "001"}
    _put(header, {"CollectionDetails": details, "Source": {**source, "DateTime": f"{year}-04-30T09:00:00"}})
    children = etree.SubElement(root, "Children")
    makers = {"FULL": _full, "PLAN": _plan, "QUICK": _quick, "NONE": _no_further_action}
    for serial, (name, referral) in enumerate(makers.items()):
        _child(children, name, year, serial, {"CINdetails": referral(year)})
    _child(children, "UNBORN", year, 0, {"CINdetails": _open(year, month=2)}, unborn=True)
    for serial in range(_FILLERS):
        disabled = _DISABILITIES[serial : serial + 1 + serial % 2]
        _child(children, f"OTHER{serial}", year, 100 + serial, {"CINdetails": _open(year, month=10)}, disabled=disabled)
    return root


def pupil_number(serial: int, *, born: date) -> str:
    """A pupil number with its true check letter, of an authority that there is not."""
    digits = f"{PSEUDO_AUTHORITY}{serial:04d}{born.year % 100:02d}{serial:03d}"
    return upn_check_letter(digits) + digits


def _child(
    children: etree._Element,
    name: str,
    year: int,
    serial: int,
    more: Fields,
    *,
    unborn: bool = False,
    disabled: tuple[str, ...] = (),
) -> None:
    born = date(year - 11, 5, 1) + timedelta(days=serial)
    sex = ("Sex", "U" if unborn else "M") if year >= 2025 else ("GenderCurrent", "0" if unborn else "1")
    known = {"UPN": pupil_number(serial, born=born), "PersonBirthDate": born}
    unknown = {"UPNunknown": "UN1", "ExpectedPersonBirthDate": date(year, 5, 20)}
    marks: Fields = {"Ethnicity": "WBRI"} if unborn else {"Ethnicity": "WBRI", "Disabilities": disabled or ("NONE",)}
    identifiers = {"LAchildID": name, **(unknown if unborn else known), sex[0]: sex[1]}
    child = etree.SubElement(children, "Child")
    _put(child, {"ChildIdentifiers": identifiers, "ChildCharacteristics": marks, **more})


def _put(parent: etree._Element, fields: Fields) -> None:
    for name, value in fields.items():
        element = etree.SubElement(parent, name)
        if isinstance(value, Mapping):
            _put(element, value)
        elif isinstance(value, tuple):
            for each in value:
                etree.SubElement(element, _REPEATED[name]).text = each
        else:
            element.text = str(value)


def _weekday(day: date) -> date:
    return day - timedelta(days=max(day.weekday() - 4, 0))


def _assessment(began: date, ended: date, *factors: str) -> Fields:
    found = {"FactorsIdentifiedAtAssessment": factors}
    return {"AssessmentActualStartDate": began, "AssessmentAuthorisationDate": ended, **found}


def _open(year: int, *, month: int) -> Fields:
    day = date(year if month < 4 else year - 1, month, 2)
    return {
        "CINreferralDate": day,
        "ReferralSource": "2A",
        "PrimaryNeedCode": "N1",
        "Assessments": _assessment(day + timedelta(days=1), day + timedelta(days=30), "3B", "4B"),
        "ReferralNFA": "0",
    }


def _full(year: int) -> Fields:
    conference = _weekday(date(year - 1, 6, 20))
    return {
        "CINreferralDate": date(year - 1, 6, 2),
        "ReferralSource": "6",
        "PrimaryNeedCode": "N1",
        "Assessments": _assessment(date(year - 1, 6, 3), date(year - 1, 6, 30), "16A"),
        "Section47": {
            "S47ActualStartDate": date(year - 1, 6, 5),
            "InitialCPCtarget": _weekday(date(year - 1, 6, 26)),
            "DateOfInitialCPC": conference,
            "ICPCnotRequired": "false",
        },
        "ReferralNFA": "false",
        "ChildProtectionPlans": {
            "CPPstartDate": conference,
            "InitialCategoryOfAbuse": "NEG",
            "LatestCategoryOfAbuse": "NEG",
            "NumberOfPreviousCPP": "0",
            "Reviews": {"CPPreviewDate": date(year - 1, 9, 10)},
        },
    }


def _plan(year: int) -> Fields:
    return {
        "CINreferralDate": date(year - 1, 5, 6),
        "ReferralSource": "1A",
        "PrimaryNeedCode": "N4",
        "CINclosureDate": date(year - 1, 10, 10),
        "ReasonForClosure": "RC7",
        "Assessments": _assessment(date(year - 1, 5, 7), date(year - 1, 6, 10), "4B"),
        "CINPlanDates": {"CINPlanStartDate": date(year - 1, 6, 16), "CINPlanEndDate": date(year - 1, 9, 30)},
        "ReferralNFA": "0",
    }


def _quick(year: int) -> Fields:
    return {
        "CINreferralDate": date(year - 1, 7, 1),
        "ReferralSource": "3A",
        "PrimaryNeedCode": "N5",
        "CINclosureDate": date(year - 1, 8, 1),
        "ReasonForClosure": "RC8",
        "Assessments": _assessment(date(year - 1, 7, 2), date(year - 1, 7, 30), "21"),
        "ReferralNFA": "0",
    }


def _no_further_action(year: int) -> Fields:
    return {
        "CINreferralDate": date(year - 1, 11, 3),
        "ReferralSource": "10",
        "CINclosureDate": date(year - 1, 11, 4),
        "ReasonForClosure": "RC7",
        "ReferralNFA": "true",
    }
