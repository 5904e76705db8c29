"""What a document is, in words."""

from __future__ import annotations

KINDS = {
    "letter": "Letter",
    "report": "Report or assessment by somebody else",
    "court": "Court order or court paper",
    "plan": "Plan or minutes",
    "health": "Health record",
    "school": "School or nursery record",
    "identity": "Birth certificate, passport or other proof",
    "agreement": "Agreement or consent",
    "photograph": "Photograph",
    "from_child": "Drawing or writing by the child",
    "other": "Something else",
}
