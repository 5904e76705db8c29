"""The kinds of work with care leavers."""

from __future__ import annotations

from kith.record.steps.kinds import Kind

KINDS = (Kind(key="care_leaver_contact", name="Keeping in touch", plural="Keeping in touch", finishes="happened"),)
