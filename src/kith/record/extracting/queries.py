"""Who may build returns of the record."""

from __future__ import annotations

from kith.foundation.access.models import Account
from kith.foundation.access.viewer import Viewer, viewer_for
from kith.vocabulary.errors import KithError


def builder(*, email: str) -> Viewer:
    """Whoever has this e-mail address, as what they are today. Raises KithError where nobody has."""
    account = Account.objects.filter(email__iexact=email, is_active=True).select_related("worker").first()
    if account is None:
        raise KithError(f"Nobody here has the address {email}.", mend="Give the e-mail address of a data officer.")
    return viewer_for(account)
