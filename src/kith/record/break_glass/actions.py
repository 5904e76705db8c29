"""Opening a record in an emergency, and looking at one that was."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from kith.foundation.access.models import Post, Team, Worker
from kith.foundation.access.policy import policy
from kith.foundation.access.viewer import Viewer
from kith.foundation.history.actor import beyond_the_wall
from kith.record.people.grants import EMERGENCY
from kith.record.people.models import Grant, Person
from kith.record.people.recorded import new_ref
from kith.record.people.standing import forget, standing_of
from kith.record.steps.duty import unfinished_of
from kith.record.steps.models import Part, Step
from kith.vocabulary.errors import KithError
from kith.vocabulary.working_days import england

from .models import Emergency

FINDINGS = {"right": "It was right to open it", "concern": "I have a concern, and will follow it up"}
REVIEWS = "review_openings"


class CannotOpen(KithError):
    """This record cannot be opened in this way, or there is none: the two are told alike."""


@transaction.atomic
def open_in_emergency(*, person: Person, viewer: Viewer, reason: str, at: datetime) -> Emergency:
    """Open the record to this viewer for the minutes of the policy, and ask her manager to look at it.

    Raises CannotOpen for a barred worker, a sealed or withheld record, or a role that may not; KithError for no reason.
    """
    if not standing_of(viewer).may_break_glass(person.pk) or viewer.worker is None:
        raise CannotOpen("This record cannot be opened in an emergency.", mend="Ring the emergency duty manager.")
    if len(reason.strip()) < 10:
        raise KithError("Say why this cannot wait.", mend="A sentence that your manager and the child could read.")
    rules = policy().emergency
    common = {"recorded_at": at, "recorded_by_id": viewer.worker}
    grant = Grant.objects.create(
        ref=new_ref("grant"),
        person=person,
        worker_id=viewer.worker,
        ground=EMERGENCY,
        purpose=reason.strip(),
        starts_at=at,
        ends_at=at + timedelta(minutes=rules.minutes),
        whereabouts=viewer.role in rules.whereabouts or _is_enquired_into(person),
        **common,
    )
    forget(viewer)
    return Emergency.objects.create(
        ref=new_ref("emergency"),
        person=person,
        grant=grant,
        reason=reason.strip(),
        opened_at=at,
        asks=_who_looks_first(viewer),
        review_due_on=england().add(timezone.localdate(at), rules.review_working_days),
        **common,
    )


@beyond_the_wall()
def _is_enquired_into(person: Person) -> bool:
    """Whether a section 47 enquiry or strategy meeting about the child is not finished: then its place is shown too."""
    open_now = Step.objects.filter(unfinished_of(policy().emergency.enquiry))
    return Part.objects.filter(person=person, step__in=open_now.values("pk")).exists()


def _who_looks_first(viewer: Viewer) -> Team | None:
    """The nearest team, from the viewer's own upwards, in which somebody else may look at such openings."""
    roles = [key for key, role in policy().roles.items() if REVIEWS in role.may]
    team = Team.objects.filter(pk__in=viewer.teams[-1:]).first()
    top = team
    while team is not None:
        if Post.objects.filter(team=team, role__in=roles, ended_on=None).exclude(worker_id=viewer.worker).exists():
            return team
        top, team = team, team.parent
    return top


@transaction.atomic
def review(*, emergency: Emergency, finding: str, comment: str, by: Worker, at: datetime) -> Emergency:
    """Say what one thinks of an opening. Nobody looks at her own, and a concern needs words."""
    if emergency.recorded_by_id == by.pk:
        raise KithError("You cannot look at your own opening.", mend="Somebody else will be asked.")
    if emergency.reviewed_at:
        raise KithError("Somebody has looked at this already.", mend="Open the page again to see what was found.")
    if finding == "concern" and not comment.strip():
        raise KithError("Say what the concern is.", mend="It is kept with the opening.")
    emergency.finding, emergency.comment = finding, comment.strip()
    emergency.reviewed_by, emergency.reviewed_at = by, at
    emergency.version += 1
    emergency.save(update_fields=["finding", "comment", "reviewed_by", "reviewed_at", "version"])
    return emergency
