"""A number in an address that no row can have is answered as one that nobody has: the service does not break on it."""

from __future__ import annotations

import re

import pytest
from tests.assurance.sweep import begun

from kith.foundation.access.checks import routes

TOO_LONG = "9" * 30


@pytest.mark.django_db
def test_a_number_longer_than_any_is_answered_by_every_route(record: None) -> None:
    sweep, asked, broke = begun(), 0, []
    for pattern, _ in routes():
        if "<int:" not in pattern:
            continue
        path = "/" + re.sub(r"<\w+:\w+>", "x", re.sub(r"<int:\w+>", TOO_LONG, pattern))
        for role in sweep.accounts:
            client = sweep.clients[role]
            client.raise_request_exception = False
            asked += 1
            if (status := client.get(path).status_code) >= 500:
                broke.append(f"{role} {pattern}: {status}")
    assert asked > 300 and not broke, broke
