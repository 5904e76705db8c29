"""The one base for every error a person may see: what is wrong, and what to do about it, in plain words."""

from __future__ import annotations


class KithError(Exception):
    """Something a person can put right. `sentence` says what is wrong and where; `mend` says what to do next."""

    def __init__(self, sentence: str, *, mend: str = "") -> None:
        super().__init__(f"{sentence} {mend}".strip())
        self.sentence = sentence
        self.mend = mend
