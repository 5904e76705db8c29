"""Accounts, workers, teams and the posts that join them, with dates."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from kith.foundation.history.models import Kept


class Team(Kept):
    """A team, and the team it belongs to."""

    retention = "for ever: it explains every record it touched"

    ref = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=255)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Worker(Kept):
    """Somebody who works with children, or for them; most have no account here."""

    retention = "for ever: it explains every record it touched"

    ref = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=300)
    title = models.CharField(max_length=500, blank=True)
    registration = models.CharField(max_length=48, blank=True)
    full_time = models.FloatField(null=True)
    agency_worker = models.BooleanField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Post(Kept):
    """A worker in a team, in a role, from a day until a day (both count; no end means still)."""

    retention = "for ever: it explains every record it touched"

    ref = models.CharField(max_length=80, unique=True)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="posts")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=40)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["worker", "ended_on"], name="post_worker")]


class Shift(Kept):
    """A worker's turn in a team that works when others sleep, from a moment until a moment (the last not counted)."""

    retention = "for ever: it explains every record it touched"

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="shifts", db_index=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["worker", "ends_at"], name="shift_worker")]


class AccountManager(BaseUserManager["Account"]):
    """Finds an account by its e-mail address in any case, with its worker: every page needs both."""

    def get_queryset(self) -> models.QuerySet[Account]:
        """Accounts with their workers."""
        return super().get_queryset().select_related("worker")

    def get_by_natural_key(self, username: str | None) -> Account:
        """Look an account up by e-mail."""
        return self.get(email__iexact=username)


class Account(AbstractBaseUser, Kept):
    """A way to sign in, belonging to one worker."""

    retention = "while the worker is employed and six years after"
    never_in_history = ("password",)

    email = models.EmailField(unique=True)
    worker = models.OneToOneField(Worker, on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)
    opened_at = models.DateTimeField(default=timezone.now)  # or opened again: from then on it may rest for a while
    closed_at = models.DateTimeField(null=True)
    closed_why = models.CharField(max_length=20, blank=True)  # dormant, left, closed

    objects = AccountManager()
    USERNAME_FIELD = "email"
    posts_read: list[Post] | None = None  # the posts of its worker, where they were read with it

    @property
    def name(self) -> str:
        """Whose it is: a password may not be like it."""
        return self.worker.name

    def __str__(self) -> str:
        return self.email
