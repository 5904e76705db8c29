"""People: a child, a parent, anybody in a child's life; with names, homes, relationships and who works with them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kith.foundation.access.models import Team, Worker
from kith.foundation.history.models import Kept

CHILD_RECORD = "the child's record: see docs for the period that applies"
CHILD, CARER, ALLEGATION, SUPERVISED = "child", "carer", "allegation", "worker"
GROWN_UPS = (CARER, ALLEGATION, SUPERVISED)  # what a grown-up's record of work may be of
APART = "R5"  # the restriction of a record kept apart: an allegation, or a worker's own supervision


class Recorded(Kept):
    """A fact, with its second time: when it was recorded, by whom, in which load. `version` tells two editors apart."""

    retention = CHILD_RECORD

    ref = models.CharField(max_length=120, unique=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    load = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class Person(Recorded):
    """Somebody. A child has a record of work; a grown-up has one where `record` says of what, else is here as family.

    `worker` is whose supervision a record of work is about.
    """

    forename = models.CharField(max_length=255, blank=True)
    surname = models.CharField(max_length=255, blank=True)
    known_as = models.CharField(max_length=255, blank=True)
    sex = models.CharField(max_length=20, blank=True)
    gender = models.CharField(max_length=10, blank=True)
    born_on = models.DateField(null=True)
    expected_on = models.DateField(null=True)
    died_on = models.DateField(null=True)
    ethnicity = models.CharField(max_length=48, blank=True)
    first_language = models.CharField(max_length=80, blank=True)
    religion = models.CharField(max_length=80, blank=True)
    interpreter = models.BooleanField(null=True)
    nationality = models.CharField(max_length=48, blank=True)
    upn_unknown = models.CharField(max_length=48, blank=True)  # why there is no pupil number: the returns' code
    is_mother = models.BooleanField(null=True)  # said of a girl in care
    phone = models.CharField(max_length=40, blank=True)
    is_child = models.BooleanField(default=True)
    record = models.CharField(max_length=12, blank=True)  # of a grown-up, one of GROWN_UPS
    worker = models.OneToOneField(Worker, null=True, on_delete=models.PROTECT, related_name="as_person")

    class Meta:
        indexes = [models.Index(fields=["born_on"], name="person_born")]

    @property
    def about(self) -> str:
        """What work may be recorded of them: "child", or what a grown-up's record is of; empty where they have none."""
        return CHILD if self.is_child else self.record

    @property
    def page(self) -> str:
        """The path of the page about them."""
        return f"/grown-ups/{self.pk}/" if not self.is_child and self.record else f"/children/{self.pk}/"

    @property
    def name(self) -> str:
        """Forename and surname; an unborn child, or one from a return without names, still has something to go by."""
        whole = f"{self.forename} {self.surname}".strip()
        if whole:
            return whole
        return (
            "Unborn child" if self.born_on is None and self.expected_on else f"Child {self.ref.removeprefix('person:')}"
        )

    def __str__(self) -> str:
        return f"person {self.pk}"


class Story(Recorded):
    """Who I am: the child's own page, one row for each writing of it. The newest is shown; none is overwritten."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stories")
    written_on = models.DateField()
    who_i_am = models.TextField(blank=True)
    happening_now = models.TextField(blank=True)
    worried_about = models.TextField(blank=True)
    going_well = models.TextField(blank=True)


class Alias(Recorded):
    """Another name somebody has or had."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="aliases")
    forename = models.CharField(max_length=255, blank=True)
    surname = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=40, blank=True)


class NameKey(Kept):
    """How a name may be found: folded, transliterated and phonetic keys of every name and alias. Rebuilt from them."""

    retention = "as long as the name"
    in_history = False

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="name_keys")
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["kind", "key", "person"], name="name_key_of")]


class Identifier(Recorded):
    """A number another body knows somebody by: UPN, NHS number, case number. One taken back was never theirs."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identifiers")
    kind = models.CharField(max_length=100)
    value = models.CharField(max_length=100)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["value"], name="identifier_value")]


class Address(Recorded):
    """Where somebody lives or lived."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="addresses")
    kind = models.CharField(max_length=48, blank=True)
    lines = models.CharField(max_length=500, blank=True)
    postcode = models.CharField(max_length=15, blank=True)
    uprn = models.CharField(max_length=20, blank=True)
    no_letters = models.BooleanField(default=False)  # nothing may be written to her there
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        indexes = [
            # who lives together is read from the index alone
            models.Index(fields=["postcode", "lines", "person", "ended_on"], name="address_shared"),
        ]


class Disability(Recorded):
    """A disability, by its census code; one taken back is so no more, or never was."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="disabilities")
    code = models.CharField(max_length=48)
    voided_at = models.DateTimeField(null=True)


class Relationship(Recorded):
    """`other` is the `kind` of `person`: mother, father, grandparent. No `other`: there is one, we do not know who."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relationships")
    other = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="related_to")
    kind = models.CharField(max_length=40)
    parental_responsibility = models.BooleanField(null=True)
    in_household = models.BooleanField(null=True)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)


class FamilyMember(Recorded):
    """Somebody's place in a family group."""

    family = models.CharField(max_length=80, db_index=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="families")


class Involvement(Recorded):
    """A worker's part in a child's life: allocated worker, reviewing officer; from a day until a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="involvements")
    worker = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="involvements")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="involvements")
    role = models.CharField(max_length=200)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    change_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "ended_on"], name="involvement_person"),
            models.Index(fields=["worker", "person", "role"], condition=Q(ended_on=None), name="involvement_now"),
            models.Index(fields=["team", "ended_on", "person"], name="involvement_team"),
        ]


class Restriction(Recorded):
    """R1 named people only; R2 shielded whereabouts; R3 and R4 hidden. No row is R0, an ordinary record.

    `matched` is set where it was put by Kith itself, because she answers to the keys of that restricted person.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="restrictions")
    level = models.CharField(max_length=2)
    reason = models.TextField(blank=True)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    ended_why = models.TextField(blank=True)
    matched = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)


class MatchKey(Kept):
    """A keyed hash of a number, or of name and birth date, by which somebody restricted is known again.

    It stays when the number or the name is changed: an old extract, or another source, must find her still.
    """

    retention = CHILD_RECORD
    in_history = False  # made from rows that are

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="match_keys")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "person"], name="match_key_once")]


class Named(Recorded):
    """Somebody named as able to open a restricted record."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="named")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="named_for")
    ended_on = models.DateField(null=True)


class Barring(Recorded):
    """A worker who must never see this person: a relative, or somebody with an interest."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="barrings")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="barred_from")
    reason = models.TextField(blank=True)
    ended_on = models.DateField(null=True)


class Same(Recorded):
    """Two records said to be of one person: proposed by one worker, agreed by another, parted as easily as joined.

    Nothing of either record is rewritten. While it is agreed and not parted, `person` is read together with `leads`.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="same_as")
    leads = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leads_for")
    why = models.TextField()
    proposed_by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)
    parted_by = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+")
    parted_at = models.DateTimeField(null=True)
    parted_why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("leads")), name="same_two_records"),
            models.CheckConstraint(
                condition=Q(agreed=None)
                | Q(agreed=False)
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="same_agreed_by_another",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(agreed=True, parted_at=None), name="same_one_that_leads"
            ),
        ]


class Tie(Kept):
    """What follows from the rows of `Same` today, both ways round; rebuilt from them, so that a query need not walk.

    Tied is stricter than joined: two records only proposed as one are tied, and each is as restricted as the other.
    `leads`: they are joined, and `other` is the record that the rest of them is read with.
    """

    retention = "as long as the links it follows from"
    in_history = False

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    joined = models.BooleanField()
    leads = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "other"], name="tie_once")]


class Grant(Recorded):
    """Access to one record, given to one worker for a reason and a time: a sample, a request, a purpose, an emergency.

    `ground` is the relationship of the policy table that it makes. `ended_at` is set where somebody ended it sooner.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="grants", db_index=False)
    ground = models.CharField(max_length=40)
    reference = models.CharField(max_length=120, blank=True)
    purpose = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    whereabouts = models.BooleanField(default=False)  # shows where a shielded person is

    class Meta:
        indexes = [models.Index(fields=["worker", "ends_at"], name="grant_worker")]


class Relative(Recorded):
    """What a worker said of a relative of her own who may be known here. Whoever answers to it is barred to her."""

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="relatives")
    forename = models.CharField(max_length=255)
    surname = models.CharField(max_length=255)
    born_on = models.DateField()
    kind = models.CharField(max_length=200)
