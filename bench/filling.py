"""Fills a form as a worker would, from the page that shows it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from lxml import html


def filled(page: bytes) -> dict[str, Any]:
    """The form of a visit: its own values, the first answer of each question, some words in each text, yesterday."""
    form = max(html.fromstring(page).forms, key=lambda each: len(each.inputs.keys()))
    values = dict(form.form_values())
    for field in form.inputs:
        kind = getattr(field, "type", "")
        if kind == "radio" and field.name not in values:
            values[field.name] = field.get("value")
        elif field.tag == "textarea" and not values.get(field.name):
            values[field.name] = "We walked to the park and talked about school."
    day = date.today() - timedelta(days=1)
    when = {"day-day": f"{day.day}", "day-month": f"{day.month}", "day-year": f"{day.year}", "time": "3:30pm"}
    return values | when | {"where": "At home"}
