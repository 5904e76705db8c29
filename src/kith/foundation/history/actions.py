"""Writing to the history what no trigger can see: that a record was opened, that people were listed or refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from .actor import Actor, acting, at_the_end, current
from .models import Change, Disposal, Opening

LONGEST = {name: Opening._meta.get_field(name).max_length for name in ("relationship", "decision", "purpose", "page")}

HIGHEST = 2**63  # no id reaches it
_DISPOSABLE = {each._meta.db_table: each for each in (Change, Opening)}


def opened(
    *,
    person: int,
    relationship: str,
    page: str,
    purpose: str = "",
    decision: str = "",
    shown: Iterable[int | None] = (),
) -> Opening:
    """Note that the acting worker opened this person's record, in the transaction that shows it.

    `decision` is the reason code by which the door let them in; `shown` are the ids of others named on the page.
    """
    others = _ids(shown, but=person)
    at_the_end(_nothing_more).extend([person, *others])
    return _keep(
        Opening.OPENED, person, others, relationship=relationship, page=page, purpose=purpose, decision=decision
    )


def listed(*, people: Iterable[int | None], page: str, purpose: str = "", decision: str = "") -> None:
    """Note that these people were named in a list or found by a search.

    One row for the whole page, written before its transaction ends, however many lists the page is made of.
    """
    actor = _acting()
    held: list[Any] = at_the_end(_keep_listed)
    held.append((actor, page, purpose, decision, _ids(people)))


def noted() -> set[int]:
    """Whose records the page has opened so far, and who was named with them."""
    return set(at_the_end(_nothing_more))


def _nothing_more(held: list[Any]) -> None:
    """What was opened is written at once; it is remembered until the end so that no list says it again."""


def _keep_listed(held: list[Any]) -> None:
    _, page, purpose, decision, _ = held[0]
    ids = _ids(each for row in held for each in row[4])
    if ids:
        _keep(Opening.LISTED, None, ids, relationship="", page=page, purpose=purpose, decision=decision)


def refused(*, actor: Actor, page: str, decision: str, person: int | None = None, relationship: str = "") -> None:
    """Note that somebody was not let in. What they tried was taken back, so this is a transaction of its own."""
    somebody = person if person is not None and abs(person) < HIGHEST else None  # an address may hold any number
    with acting(actor):
        _keep(Opening.REFUSED, somebody, [], relationship=relationship, page=page, decision=decision)


def _keep(kind: str, person: int | None, shown: list[int], **said: str) -> Opening:
    actor = _acting()
    words = {name: (said.get(name) or "")[:length] for name, length in LONGEST.items()}
    return Opening.objects.create(
        at=timezone.now(),
        kind=kind,
        person=person,
        worker=actor.worker,
        role=actor.role,
        shown=shown or None,
        request=actor.request,
        client=actor.client,
        **words | {"purpose": words["purpose"] or actor.purpose},
    )


def _acting() -> Actor:
    actor = current()
    if actor is None:
        raise RuntimeError("A record was opened with nobody acting.")
    return actor


def _ids(people: Iterable[int | None], but: int | None = None) -> list[int]:
    return sorted({each for each in people if each is not None} - {but})  # type: ignore[arg-type]


@transaction.atomic
def dispose(*, table: str, first: int, last: int, reason: str) -> int:
    """Take rows of the history away whose retention has ended, `first` to `last`, both counting; say how many.

    That it was done, by whom and why is itself in the chain, and so are the links of what is gone.
    """
    actor, model = _acting(), _DISPOSABLE[table]
    if not reason.strip():
        raise ValueError("A disposal needs its reason.")
    Disposal.objects.create(
        at=timezone.now(),
        table=table,
        first=first,
        last=last,
        worker=actor.worker,
        role=actor.role,
        reason=reason.strip(),
    )
    return int(model._default_manager.filter(pk__range=(first, last)).delete()[0])
