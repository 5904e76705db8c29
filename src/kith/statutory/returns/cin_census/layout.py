"""What lies within each element of a census, in order, and in which censuses: said once, to read by and to write by."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ROOT = "Message"
HEADER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Header": ("CollectionDetails", "Source"),
        "CollectionDetails": ("Collection", "Year", "ReferenceDate"),
        "Source": ("SourceLevel", "LEA", "SoftwareCode", "Release", "SerialNo", "DateTime"),
    }
)
"""The elements of the header; what is not itself a key is a field."""

WITHIN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Child": ("ChildIdentifiers", "ChildCharacteristics", "CINdetails"),
        "ChildIdentifiers": (
            "LAchildID",
            "UPN",
            "FormerUPN",
            "UPNunknown",
            "PersonBirthDate",
            "ExpectedPersonBirthDate",
            "GenderCurrent",
            "Sex",
            "PersonDeathDate",
        ),
        "ChildCharacteristics": ("Ethnicity", "Disabilities"),
        "Disabilities": ("Disability",),
        "CINdetails": (
            "CINreferralDate",
            "ReferralSource",
            "PrimaryNeedCode",
            "CINclosureDate",
            "ReasonForClosure",
            "DateOfInitialCPC",
            "Assessments",
            "CINPlanDates",
            "Section47",
            "ReferralNFA",
            "ChildProtectionPlans",
            "PreProceedingsandFGDM",
        ),
        "Assessments": (
            "AssessmentActualStartDate",
            "AssessmentInternalReviewDate",
            "AssessmentAuthorisationDate",
            "FactorsIdentifiedAtAssessment",
        ),
        "FactorsIdentifiedAtAssessment": ("AssessmentFactors",),
        "CINPlanDates": ("CINPlanStartDate", "CINPlanEndDate"),
        "Section47": ("S47ActualStartDate", "InitialCPCtarget", "DateOfInitialCPC", "ICPCnotRequired"),
        "ChildProtectionPlans": (
            "CPPstartDate",
            "CPPendDate",
            "InitialCategoryOfAbuse",
            "LatestCategoryOfAbuse",
            "NumberOfPreviousCPP",
            "Reviews",
        ),
        "Reviews": ("CPPreviewDate",),
        "PreProceedingsandFGDM": (
            "PPStartDate",
            "LBPSentDate",
            "FGDMMeetingOffer",
            "FGDMMeetingFac",
            "InitialPPMeetingDate",
            "ReviewMeetingsCount",
            "StepDecisionDate",
            "PPOutcome",
            "CourtAppDate",
            "LetterInitCPDate",
        ),
    }
)
"""The elements of a child; what is not itself a key is a field, which holds text."""

WRAPPERS = frozenset({"Disabilities", "FactorsIdentifiedAtAssessment", "Reviews"})
"""Elements that hold one field, as many times as it is said; left out where it is not said at all."""
OF_THE_CHILD = frozenset({"ChildIdentifiers", "ChildCharacteristics"})
"""Elements that part what is said of the child, and are always there."""
RECORDS = frozenset(WITHIN) - WRAPPERS - OF_THE_CHILD
"""Elements that are a record, which may come many times."""

_SINCE = {"Sex": 2025, "CINPlanDates": 2022, "PreProceedingsandFGDM": 2027}
_UNTIL = {"GenderCurrent": 2024}


def parts_of(element: str, *, year: int) -> tuple[str, ...]:
    """What lies within an element, in order, in the census that ends on 31 March of `year`.

    Sex replaced gender in 2024/25; child in need plans came in 2021/22. The pre-proceedings block is for the first
    census after 2025/26, as far as is known.
    """
    return tuple(part for part in WITHIN[element] if _SINCE.get(part, 0) <= year <= _UNTIL.get(part, 9999))
