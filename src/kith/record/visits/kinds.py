"""Visits as a kind of work."""

from __future__ import annotations

from kith.record.steps.kinds import Kind

from .models import Visit, VisitPart

KINDS = (
    Kind(
        key="visit",
        name="Visit",
        plural="Visits",
        codes={
            "cin": "Child in need visit",
            "cp": "Child protection visit",
            "cla": "Visit to a child looked after",
            "care_leaver": "Visit to a care leaver",
            "other": "Another visit",
        },
        outcomes={"seen_alone": "seen alone", "seen": "seen", "not_seen": "not seen"},
        finishes="happened",
        detail=Visit,
        part_detail=VisitPart,
        capability="record_visit",
        path="visits:new",
        edit="visits:change",
        template="visits/visit.html",
    ),
)
