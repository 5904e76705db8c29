"""Sessions, wrong tries, and the link from an account to the council's own sign-in."""

from __future__ import annotations

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from kith.foundation.access.models import Account
from kith.foundation.history.models import Kept


class Session(Kept, AbstractBaseSession):
    """One browser that somebody is signed in with, or is signing in with; the cookie holds its name alone."""

    retention = "until it ends: after 15 minutes unused, 12 hours, or signing out"
    in_history = False

    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="sessions")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    device = models.CharField(max_length=80, blank=True)


class Tries(Kept):
    """How many wrong tries there were, by whom and from where as one keyed hash, and when the last was."""

    retention = "a day after the last try"
    in_history = False

    key = models.CharField(max_length=64, unique=True)
    wrong = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()


class CouncilIdentity(Kept):
    """Which person of the council's own sign-in an account is: made once, at the first sign-in through it."""

    retention = "while the account is kept"

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="council_identity")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="one_account_for_each_identity")]
