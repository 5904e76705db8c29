"""The pace of the machine: what one fixed piece of work takes it now, beside what it took on one day.

The same page took one machine 7 ms of its processor's time one day and 21 on another. So a fixed piece of work, none of
it Kith's, is measured before and after each page, and said beside its figures: whoever reads a limit that is broken
sees how much of it may be the machine. No limit is moved by it. It is to slow down as pages do, whose work lies all
over the memory: reading a template and filling it in does (a loop, which stays in the processor's own cache, does not).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable

from jinja2 import Environment

# Milliseconds at pace 1: the machine of 22 November 2026, whose figures of PostgreSQL stood in docs/generated/bench.md.
# Found by measuring that commit (059e9c0) again beside the fixed work, three times on
# a slower day: by six of its pages 18.7 to 24.0, in the middle 20.
AT_PACE_1 = 20.0
WORDS = (
    "The pace is that of the machine as each page was measured: 0.5 where a fixed piece of work, none of Kith's, took",
    "twice as long as on the machine of 22 November 2026. It is said beside the figures, which are as they were",
    "measured; limits are held to them, and not to what they would be at another pace.",
)
BLOCKS = 40
AT_ONCE = 15  # times that the work is done to know the pace of one moment
ONE = """
{% if shown@ %}<section id="s@" class="kith-section"><h2>{{ title@ | upper }}</h2>
{% for each in rows@ %}<li data-at="{{ loop.index }}">{{ each.name | e }}, {{ each.day }}</li>{% else %}none{% endfor %}
</section>{% else %}<p>{{ words@ | default("nothing") }}</p>{% endif %}
"""
SAID = {
    "shown7": True,
    "title7": "what is due",
    "rows7": [{"name": f"<child {number}>", "day": f"2026-11-{number % 28 + 1}"} for number in range(60)],
}


def once() -> float:
    """Milliseconds of the processor's time that the fixed work takes."""
    begun = time.process_time()
    text = "".join(ONE.replace("@", str(number)) for number in range(BLOCKS))
    told = Environment(autoescape=True).from_string(text).render(SAID)
    if told.count("<li") != len(SAID["rows7"]):  # type: ignore[arg-type]
        raise SystemExit("The work by which the pace is measured was not done.")
    return (time.process_time() - begun) * 1000


def now() -> float:
    """The pace of this moment, where nothing else runs."""
    return of(once() for _ in range(AT_ONCE))


def of(taken: Iterable[float]) -> float:
    """The pace at which the fixed work took these milliseconds: 1 as on that day, 0.5 at half of that."""
    return AT_PACE_1 / statistics.median(taken)
