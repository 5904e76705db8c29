"""Makes an empty record ready for a figure: workers signed in, children of theirs, promises. Says whom as JSON.

Run as a script in the environment of the service: `people_at_work.py WORKERS CHILDREN`.
"""

from __future__ import annotations

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kith.config.settings")
django.setup()

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from kith.foundation.access.models import Account
from kith.foundation.access.proof import post_of
from kith.foundation.access.viewer import viewer_for
from kith.foundation.history.actor import acting
from tests.factories import SYSTEM, a_child, a_promise, a_worker, allocate


def main(workers: int, children: int) -> None:
    """Everybody works with every child."""
    call_command("migrate", verbosity=0)
    with acting(SYSTEM):
        people = [a_worker(f"Worker {number}", role="team_manager") for number in range(workers)]
        made = [a_child(f"Child{number}", "Begum") for number in range(children)]
        for child in made:
            for worker in people:
                allocate(child, worker)
        promises = [a_promise(child, people[0], what="Nothing yet").pk for child in made]
        cookies = [signed_in(worker.account) for worker in people]
    told = {"cookie": settings.SESSION_COOKIE_NAME, "sessions": cookies, "workers": [each.pk for each in people]}
    print(json.dumps(told | {"children": [each.pk for each in made], "promises": promises}))


def signed_in(account: Account) -> str:
    """The session of somebody who has just signed in."""
    client = Client()
    client.force_login(account)
    session = client.session
    session["proof"] = {"how": "password and code", "at": timezone.now().isoformat()}
    session["post"] = post_of(viewer_for(account))
    session.save()
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
