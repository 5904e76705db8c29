"""Who was writing, as the form itself says under a signature: so that text sent after the session ended is not lost."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing

from .posted import key_for

SALT = "kith.drafts.author"
HOLDS = timedelta(days=7)  # a form that was open for longer than this is not believed


def named_author(*, author: int, form: str, about: str) -> str:
    """The author of this form about this thing, signed."""
    return signing.dumps([author, form, key_for(about)], salt=SALT, compress=False)


def author_named(token: str, *, form: str, about: str) -> int | None:
    """The worker that the form was given to, or None when it says so wrongly, for another form, or too long ago."""
    try:
        author, of, subject = signing.loads(token, salt=SALT, max_age=HOLDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return author if (of, subject) == (form, key_for(about)) else None
