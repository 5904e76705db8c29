"""The record as the controls see it: only the kinds they look at, only since the day they need."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from kith.analysis.controls.shapes import Control
from kith.record.periods import facts as periods
from kith.record.steps import facts as steps
from kith.statutory.timescales.facts import PERIOD_KINDS, STEP_KINDS, facts_from


def facts_for(controls: Iterable[Control], *, since: date | None = None) -> pl.DataFrame:
    """The facts of everybody that these controls look at (FACTS_SCHEMA), in two queries however many controls."""
    kinds = frozenset(kind for control in controls for kind in control.kinds)
    return facts_from(
        steps.of_kinds(kinds & set(STEP_KINDS), since=since), periods.of_kinds(kinds & set(PERIOD_KINDS), since=since)
    )
