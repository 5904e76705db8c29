"""Working-day sums for the invented borough, made fast by counting once."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta


class Days:
    """The working days between two dates, kept in a list so that counting is a look-up.

    Counting leaves out the first day and counts the last, as the returns do.
    """

    def __init__(self, *, first: date, last: date, holidays: Iterable[date]) -> None:
        """List every Monday to Friday from `first` to `last` (both count) that is not a bank holiday."""
        closed = set(holidays)
        span = (first + timedelta(days=n) for n in range((last - first).days + 1))
        self._working = [day for day in span if day.weekday() < 5 and day not in closed]
        self._known = set(self._working)

    def is_working(self, day: date) -> bool:
        """Say whether the offices are open on `day`."""
        return day in self._known

    def add(self, day: date, count: int) -> date:
        """Give the day `count` working days after `day`; with 0, `day` itself or the next working day."""
        if count <= 0:
            return self._working[bisect_left(self._working, day)]
        return self._working[bisect_right(self._working, day) + count - 1]

    def back(self, day: date, count: int) -> date:
        """Give the working day `count` working days before `day`."""
        return self._working[bisect_left(self._working, day) - count]

    def last(self, day: date) -> date:
        """Give `day` itself or the last working day before it."""
        return self._working[bisect_right(self._working, day) - 1]

    def between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`."""
        return bisect_right(self._working, end) - bisect_right(self._working, start)


def census_day(day: date) -> date:
    """Give the 31 March on or after `day`: the day on which the census and the other returns look."""
    return date(day.year + (day > date(day.year, 3, 31)), 3, 31)


def plus_months(day: date, months: int) -> date:
    """Give the same day of the month `months` later, or the month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, _length(year, month + 1)))


def birthday(born: date, age: int) -> date:
    """Give the birthday at `age`; someone born on 29 February has it on 1 March."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def age_on(born: date, day: date) -> int:
    """Give completed years of age on `day`."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _length(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day
