"""Sessions for measuring with: signed in as a worker is who has given both proofs."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone

from kith.foundation.access.models import Account
from kith.foundation.history.actor import Actor, acting


def signed_in(account: Account) -> Client:
    """A browser in which this account has signed in."""
    client = Client()
    with acting(Actor(worker=account.worker_id, role="system", purpose="measuring")):
        client.force_login(account)
        session = client.session
        session["proof"] = {"how": "password and code", "at": timezone.now().isoformat()}
        session.save()
    client.get("/")  # the door notes the post at the first page, and gives the session its lasting name
    return client
