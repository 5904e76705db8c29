"""Records whose true person is known, to train and to measure the linkage on: invented, and hard on purpose.

Second records are misspelt, written in another script, turned round, under a new surname, born on a wrong day, or have
little on them. Twins, brothers and sisters, and strangers of one name stand among them, who are nobody's second record.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count

import polars as pl

from .identifiers import nhs_number, pupil_number
from .world import settings

FAULTS = ("misspelt", "script", "turned_round", "new_surname", "wrong_birth", "little_known", "known_as", "clean")
SCHEMA = {
    "person": pl.Int64(),
    "truth": pl.Int64(),
    "twin_of": pl.Int64(),
    "fault": pl.String(),
    "forename": pl.String(),
    "surname": pl.String(),
    "names": pl.List(pl.List(pl.String())),
    "born_on": pl.Date(),
    "sex": pl.String(),
    "numbers": pl.List(pl.String()),
    "homes": pl.List(pl.String()),
    "kin": pl.List(pl.String()),
}
ALIKE = {
    "F": (("Zahra", "Zohra"), ("Maria", "Marie"), ("Amira", "Samira")),
    "M": (("Hassan", "Hussain"), ("Amir", "Samir"), ("Umar", "Omar")),
}
SLIPS = (("ph", "f"), ("y", "i"), ("ee", "ea"), ("c", "k"), ("s", "z"), ("ai", "ay"), ("ou", "u"), ("mm", "m"))


@dataclass
class Written:
    """One record of somebody."""

    truth: int
    forename: str
    surname: str
    born_on: date | None
    sex: str
    numbers: list[str]
    homes: list[str]
    kin: list[str]
    twin_of: int = 0  # the true person who is this one's twin; 0 for none
    fault: str = "first"
    names: list[list[str]] = field(default_factory=list)


class Maker:
    """Draws people and their second records from one seed."""

    def __init__(self, seed: int) -> None:
        """Begin; the same seed gives the same records."""
        self.chance = random.Random(seed)
        self.people = count(1)
        self.serials = count(seed % 1000 * 200)
        self.names = settings("names")["groups"]
        self.scripts = settings("scripts")

    def person(self, **given: object) -> Written:
        """Somebody new, as their first record has them; a third of them with names that are written in two scripts."""
        sex = self.chance.choice("FM")
        forename, surname = self._name(sex)
        born = date(2008, 1, 1) + timedelta(days=self.chance.randrange(17 * 365))
        mother = " ".join(self._name("F"))
        made = Written(next(self.people), forename, surname, born, sex, [], [self._home()], [mother])
        made = replace(made, **given)  # type: ignore[arg-type]
        made.numbers = self._numbers(made.born_on or born)
        return made

    def twin(self, other: Written, *, alike: bool) -> Written:
        """Born on the same day to the same mother; with `alike`, of a name that sounds like the other's."""
        made = self.person(
            surname=other.surname,
            born_on=other.born_on,
            homes=list(other.homes),
            kin=list(other.kin),
            twin_of=other.truth,
        )
        other.twin_of = made.truth
        if alike:
            other.sex = made.sex
            other.forename, made.forename = self.chance.choice(ALIKE[made.sex])
        while made.forename == other.forename:
            made.forename = self._name(made.sex or "F")[0]
        return made

    def sibling(self, other: Written) -> Written:
        """A brother or sister, a year or more apart."""
        born = (other.born_on or date.min) + timedelta(days=self.chance.randrange(330, 2000))
        return self.person(surname=other.surname, born_on=born, homes=list(other.homes), kin=list(other.kin))

    def namesake(self, other: Written) -> Written:
        """A stranger of the same name, and of about the same age."""
        born = (other.born_on or date.min) + timedelta(days=self.chance.randrange(-500, 500))
        return self.person(forename=other.forename, surname=other.surname, born_on=born, sex=other.sex)

    def second(self, first: Written) -> Written:
        """A second record of the same person, from another source, with one or two faults."""
        made = replace(first, names=[], numbers=list(first.numbers), homes=list(first.homes), kin=list(first.kin))
        faults = self.chance.sample(FAULTS, k=2 if self.chance.random() < 0.25 else 1)
        for fault in faults:
            getattr(self, f"_{fault}")(made)
        made.fault = faults[0]
        kept = [each for each in made.numbers if self.chance.random() < 0.5]
        made.numbers = kept if not first.twin_of else made.numbers  # a hospital numbers twins with care
        if self.chance.random() < 0.3:
            made.homes = [self._home()]
        if self.chance.random() < 0.3:
            made.kin = []
        return made

    def _misspelt(self, made: Written) -> None:
        made.forename, made.surname = self._slip(made.forename), self._slip(made.surname)

    def _script(self, made: Written) -> None:
        forms = {**self.scripts["forenames"]["F"], **self.scripts["forenames"]["M"]}
        made.forename = self.chance.choice(forms.get(made.forename, [self._slip(made.forename)]))
        made.surname = self.chance.choice(self.scripts["surnames"].get(made.surname, [made.surname]))

    def _turned_round(self, made: Written) -> None:
        made.forename, made.surname = made.surname, made.forename

    def _new_surname(self, made: Written) -> None:
        old, made.surname = made.surname, self._name(made.sex or "F")[1]
        if self.chance.random() < 0.4:
            made.names.append([made.forename, old])

    def _wrong_birth(self, made: Written) -> None:
        if made.born_on:
            made.born_on = self.chance.choice([self._turned, self._next_figure, self._other_year])(made.born_on)

    def _little_known(self, made: Written) -> None:
        made.sex = ""
        made.homes, made.kin = [], []
        if self.chance.random() < 0.3:
            made.born_on = None
            made.homes = [self._home()] if self.chance.random() < 0.2 else list(made.homes)

    def _known_as(self, made: Written) -> None:
        made.names.append([made.forename, made.surname])
        made.forename = self._name(made.sex or "F")[0]

    def _clean(self, made: Written) -> None:
        pass

    def _slip(self, name: str) -> str:
        """One slip of the ear or the hand."""
        found = [(one, other) for one, other in SLIPS if one in name.lower()[1:]]
        if found and self.chance.random() < 0.6:
            one, other = self.chance.choice(found)
            return name[0] + name[1:].replace(one, other, 1)
        at = self.chance.randrange(1, max(len(name) - 1, 2))
        ways: list[Callable[[], str]] = [
            lambda: name[:at] + name[at + 1 :],
            lambda: name[:at] + name[at : at + 1] + name[at:],
            lambda: name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :],
        ]
        return self.chance.choice(ways)() if len(name) > 3 else name

    def _turned(self, born: date) -> date:
        return born.replace(month=born.day, day=born.month) if born.day <= 12 else self._next_figure(born)

    def _next_figure(self, born: date) -> date:
        return born + timedelta(days=self.chance.choice([-10, -1, 1, 10]))

    def _other_year(self, born: date) -> date:
        return born.replace(year=born.year + self.chance.choice([-1, 1]), day=min(born.day, 28))

    def _name(self, sex: str) -> tuple[str, str]:
        if self.chance.random() < 0.35:
            return self.chance.choice(list(self.scripts["forenames"][sex])), self.chance.choice(
                list(self.scripts["surnames"])
            )
        group = self.names[self.chance.choice(list(self.names))]
        return self.chance.choice(group["girls" if sex == "F" else "boys"]), self.chance.choice(group["surnames"])

    def _home(self) -> str:
        tail = "".join(self.chance.choices("ABDEFGHJLNPQRSTUWXYZ", k=2))
        street = self.chance.choice(settings("names")["places"]["streets"])
        house, district, sector = (self.chance.randrange(1, end) for end in (180, 9, 9))
        return f"{house} {street}|RV{district} {sector}{tail}"

    def _numbers(self, born: date) -> list[str]:
        serial = next(self.serials)
        found = [f"nhs:{nhs_number(serial)}"]
        return [*found, f"upn:{pupil_number(serial, born=born)}"] if born < date(2021, 1, 1) else found


def labelled(*, seed: int, people: int = 3000) -> pl.DataFrame:
    """Records of about so many people: two in five written twice, one in ten a twin, and strangers of one name."""
    maker = Maker(seed)
    first: list[Written] = []
    while len(first) < people:
        made = maker.person()
        draw = maker.chance.random()
        first.append(made)
        if draw < 0.06:
            first.append(maker.twin(made, alike=draw < 0.03))
        elif draw < 0.20:
            first.append(maker.sibling(made))
        elif draw < 0.26:
            first.append(maker.namesake(made))
    twice = [maker.second(each) for each in first if maker.chance.random() < 0.4]
    rows = [*first, *twice]
    maker.chance.shuffle(rows)
    shown = [{"person": number, **vars(each)} for number, each in enumerate(rows, start=1)]
    return pl.DataFrame(shown, schema=SCHEMA)


def true_pairs(records: pl.DataFrame) -> set[tuple[int, int]]:
    """The pairs of records that are of one person, the lower number first."""
    return _pairs(records, "truth", "truth")


def twin_pairs(records: pl.DataFrame) -> set[tuple[int, int]]:
    """The pairs of records of two twins, the lower number first."""
    return _pairs(records.filter(pl.col("twin_of") > 0), "truth", "twin_of")


def _pairs(records: pl.DataFrame, left: str, right: str) -> set[tuple[int, int]]:
    joined = records.select("person", key=left).join(records.select(other="person", key=right), on="key")
    found = joined.filter(pl.col("person") < pl.col("other")) if left == right else joined
    return {(min(one, other), max(one, other)) for one, other in found.select("person", "other").iter_rows()}
