"""Why a file is not kept. This module and those that examine files know nothing of Django: they run in a child."""

from __future__ import annotations

from kith.vocabulary.errors import KithError


class Refusal(KithError):
    """A file that is not kept, with why, and what to do about it."""


SAVE_AGAIN = "Open it where it was made, save it again, and add that."
TAKE_CARE = "Do not open it. Tell whoever looks after your computers where it came from."
