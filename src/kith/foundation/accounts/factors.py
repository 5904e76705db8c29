"""Second factors: an app on a telephone, passkeys, and codes on paper for the day neither is at hand."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from kith.foundation.access.models import Account
from kith.vocabulary.errors import KithError

from .mfa_adapter import secrets_of

APP, KEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
MOST_KEYS = 10


class NotThatFactor(KithError):
    """What was given does not prove it."""


@dataclass(frozen=True)
class Passkey:
    """A passkey as its owner's page shows it."""

    pk: int
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Held:
    """What an account can prove itself with besides its password."""

    app: bool
    app_since: datetime | None
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether there is a second factor; codes on paper alone are none."""
        return self.app or bool(self.passkeys)


def held_by(account: Account) -> Held:
    """The factors of an account."""
    rows = list(Authenticator.objects.filter(user_id=account.pk).order_by("created_at", "pk"))
    app = next((row for row in rows if row.type == APP), None)
    keys = [Passkey(row.pk, row.data["name"], row.created_at, row.last_used_at) for row in rows if row.type == KEY]
    codes = next((row for row in rows if row.type == CODES), None)
    left = 0
    if codes is not None:
        with secrets_of(account.pk):
            left = len(RecoveryCodes(codes).get_unused_codes())
    return Held(app is not None, app.created_at if app else None, tuple(keys), left)


def new_secret() -> str:
    """A secret for an app on a telephone."""
    return totp.generate_totp_secret()


def app_address(*, account: Account, secret: str) -> str:
    """The address that the app reads from the picture."""
    return get_adapter().build_totp_url(account, secret)


def app_picture(address: str) -> str:
    """The address as a picture that a page can show."""
    drawn = get_adapter().build_totp_svg(address)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()


def add_app(*, account: Account, secret: str, code: str) -> None:
    """Use the app that holds `secret`, in place of the one before, once it has shown a right code."""
    counter = _counter_of(secret, code)
    if counter is None:
        raise NotThatFactor("That is not the code that the app shows now. Wait for the next one and try again.")
    with secrets_of(account.pk), transaction.atomic():
        Authenticator.objects.filter(user_id=account.pk, type=APP).delete()
        sealed = get_adapter().encrypt(secret)
        Authenticator.objects.create(user=account, type=APP, data={"secret": sealed, "counter": counter})


def code_is_right(*, account: Account, code: str) -> bool:
    """Whether this is the app's code, or one of the codes on paper. Each works once, even if two come at once."""
    with secrets_of(account.pk), transaction.atomic():
        return _app_code(account, code) or _paper_code(account, code)


def _app_code(account: Account, code: str) -> bool:
    row = Authenticator.objects.select_for_update().filter(user_id=account.pk, type=APP).first()
    if row is None:
        return False
    counter = _counter_of(get_adapter().decrypt(row.data["secret"]), code)
    if counter is None or counter <= row.data.get("counter", 0):
        return False
    row.data["counter"], row.last_used_at = counter, timezone.now()
    row.save(update_fields=["data", "last_used_at"])
    return True


def _counter_of(secret: str, code: str) -> int | None:
    """Which half-minute a code belongs to, when it is one of those about now."""
    for counter in totp.yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, counter))):
            return counter
    return None


def _paper_code(account: Account, code: str) -> bool:
    row = Authenticator.objects.filter(user_id=account.pk, type=CODES).first()
    return row is not None and RecoveryCodes(row).validate_code(code)


def new_codes(*, account: Account) -> list[str]:
    """Codes on paper, in place of all before."""
    with secrets_of(account.pk), transaction.atomic():
        Authenticator.objects.filter(user_id=account.pk, type=CODES).delete()
        return RecoveryCodes.activate(account).generate_codes()


def ask_for_new_passkey(*, account: Account) -> dict[str, Any]:
    """What the browser needs to make a passkey; it always asks its holder to prove who they are."""
    return webauthn.begin_registration(account, passwordless=True)


def add_passkey(*, account: Account, name: str, answer: dict[str, Any]) -> None:
    """Keep the passkey that the browser made."""
    if Authenticator.objects.filter(user_id=account.pk, type=KEY).count() >= MOST_KEYS:
        raise NotThatFactor(f"An account may have {MOST_KEYS} passkeys. Take one away first.")
    try:
        webauthn.parse_registration_response(answer)
        webauthn.complete_registration(answer)
    except (ValidationError, ValueError, KeyError, TypeError) as trouble:
        raise NotThatFactor("The passkey could not be made. Try again.") from trouble
    webauthn.WebAuthn.add(account, name, answer)


def ask_for_passkey(*, account: Account | None = None) -> dict[str, Any]:
    """What the browser needs to use a passkey: of this account, or of anybody."""
    return webauthn.begin_authentication(account)


def account_of_passkey(answer: dict[str, Any], *, account: Account | None = None) -> Account:
    """Whose passkey answered, having proved it. Raises NotThatFactor when none did."""
    try:
        webauthn.parse_authentication_response(answer)
        whose = account or webauthn.extract_user_from_response(answer)
        row = webauthn.complete_authentication(whose, answer)
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise NotThatFactor("That passkey is not known here. Use another, or sign in with your password.") from trouble
    row.record_usage()
    return whose


def take_away_passkey(*, account: Account, pk: int) -> None:
    """Take a passkey away, unless nothing would be left to sign in with."""
    held = held_by(account)
    if not held.app and len(held.passkeys) < 2:
        raise NotThatFactor("This is your only second proof. Add another before you take it away.")
    Authenticator.objects.filter(user_id=account.pk, type=KEY, pk=pk).delete()


def take_all_away(*, account: Account) -> None:
    """Forget every factor: the person enrols again at the next sign-in."""
    Authenticator.objects.filter(user_id=account.pk).delete()
