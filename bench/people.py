"""Makes ready the people of the load: workers signed in, each with the children of a caseload; writes them as JSON."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kith.config.settings")
django.setup()

from django.conf import settings
from django.db.models import Count

from kith.foundation.access.models import Account, Worker
from kith.foundation.history.actor import Actor, acting
from kith.record.people.models import Involvement, Person

from .sessions import signed_in


def main(many: int, out: Path) -> None:
    """Sign in as `many` social workers with the largest caseloads, and say whom each of them works with."""
    with acting(Actor(worker=None, role="system", purpose="measuring")):
        people = [at_work(worker) for worker in busiest(many)]
    out.write_text(json.dumps(people))
    out.chmod(0o600)


def busiest(many: int) -> list[Worker]:
    """The social workers in post with most children."""
    now = Involvement.objects.filter(ended_on=None, role__istartswith="allocated", person__born_on__isnull=False)
    most = now.exclude(worker=None).values("worker").annotate(children=Count("person")).order_by("-children", "worker")
    workers = Worker.objects.filter(posts__role="social_worker", posts__ended_on=None).in_bulk()
    return [workers[row["worker"]] for row in most if row["worker"] in workers][:many]


def at_work(worker: Worker) -> dict[str, object]:
    """The cookie of a session of this worker's, and the children to open and to search for."""
    account, _ = Account.objects.get_or_create(worker=worker, defaults={"email": f"load-{worker.pk}@riverside.example"})
    client = signed_in(account)
    children = Involvement.objects.filter(worker=worker, ended_on=None).values_list("person_id", flat=True)[:20]
    names = Person.objects.filter(pk__in=list(children)).values_list("forename", "surname")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    return {
        "cookie": {cookie.key: cookie.value},
        "children": list(children),
        "names": [f"{forename} {surname}" for forename, surname in names],
    }


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
