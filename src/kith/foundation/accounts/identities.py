"""Which account somebody is whom the council's own sign-in has named: linked once, by a verified address."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from kith.foundation.access.models import Account

from .models import CouncilIdentity


def account_of(*, issuer: str, subject: str, profile: dict[str, Any]) -> Account | None:
    """The account linked to this person; else the one with their verified address, which is linked from now on.

    An account linked to somebody else is nobody's but theirs, whatever address is said.
    """
    known = CouncilIdentity.objects.filter(issuer=issuer, subject=subject).select_related("account__worker").first()
    if known is not None:
        return known.account
    address = str(profile.get("email") or "").strip()
    if not address or not _is_verified(profile):
        return None
    account = Account.objects.filter(email__iexact=address, council_identity=None, is_active=True).first()
    if account is not None:
        CouncilIdentity.objects.create(account=account, issuer=issuer, subject=subject, linked_at=timezone.now())
    return account


def _is_verified(profile: dict[str, Any]) -> bool:
    """Whether the address is theirs: as the answer says; where it says nothing, as the council vouches for its own."""
    said = profile.get("email_verified")
    return settings.COUNCIL["vouches"] == "1" if said is None else said is True
