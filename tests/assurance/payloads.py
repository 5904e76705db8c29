"""What an attacker might type, put together from parts by a seed, so that a run can be repeated word for word."""

from __future__ import annotations

import random
from itertools import product

TOKEN = "kq7x"  # in every payload, and in nothing else: wherever it turns up, a payload did
NAP = 20  # seconds that a payload asks the database to sleep

_OPENS = ("", "'", '"', "')", '")', "'))", "%'", "\\'", "`", "]", "1", "1)", "-1", "''", "%27", "%2527", "ʼ", "＇")
_OPENS += ("\x00'", "$$", "1e309 ", "0x27", "N'", "E'\\'", "(", "x' ", "me'", "open'", "2026-01-01'")
_MIDDLES = (
    " OR 1=1",
    " OR 'a'='a",
    " AND 1=0",
    f" AND nextval('{TOKEN}')>0",
    f" || nextval('{TOKEN}') || ",
    " UNION SELECT NULL,NULL,NULL",
    " UNION ALL SELECT password FROM access_account",
    "; DROP TABLE people_person",
    "; UPDATE people_person SET surname='x'",
    f"; SELECT pg_sleep({NAP})",
    f" OR pg_sleep({NAP}) IS NULL",
    " AND (SELECT count(*) FROM sqlite_master)>0",
    " AND randomblob(900000000) IS NULL",
    "; ATTACH DATABASE 'x' AS y",
    "; COPY people_person TO PROGRAM 'id'",
    " AND CAST((SELECT version()) AS int)=1",
    " ORDER BY 99",
    " LIMIT 1 OFFSET 1",
    " LIKE '%",
    " AND load_extension('x')",
    " COLLATE NOCASE",
    ")) OR EXISTS(SELECT 1 FROM history_change",
)
_ENDS = (
    f"--{TOKEN}",
    f"/*{TOKEN}*/",
    f" AND '{TOKEN}'='{TOKEN}",
    f";--{TOKEN}",
    f"#{TOKEN}",
    f" {TOKEN}",
    f' AND "{TOKEN}"="{TOKEN}',
)
_ODD = (
    "9" * 30,
    "-1",
    "0",
    "9223372036854775808",
    "1.5",
    "1e5",
    "NaN",
    "٣",
    "²",
    "0000-00-00",
    "99999-12-31",
    "2026-02-30",
    "10000-01-01",
    "None",
    "true",
    "[]",
    "{}",
    "%",
    "_",
    "%s",
    "%(id)s",
    "{0}",
    "\\",
    "\x00",
    "\ud800",
    "\U0001f642",
    "a\r\nb",
    "\t",
    "(" * 60,
    "*" * 60,
    "A" * 9_000,
    "../../x",
    "null",
    "person__surname",
    "-pk",
    "?",
)
NAMES = (
    "{}__surname",
    "person__surname__startswith",
    "-{}",
    "{}__in",
    '{}" DESC',
    "{}'--",
    "order_by",
    "ordering",
    "sort",
    "o",
    "fields",
    "_filter",
    "_order",
    "{}[$ne]",
    "{}) OR 1=1--",
    "__class__",
    "_connector",
    "_negated",
    "annotate",
    "extra",
)


def sql(*, seed: int, many: int) -> list[str]:
    """`many` texts: odd values, and texts meant to break out of a question to the database."""
    made = ["".join(parts) for parts in product(_OPENS, _MIDDLES, _ENDS)]
    chance = random.Random(seed)
    chance.shuffle(made)
    chosen = [*_ODD, *made[: many - len(_ODD)]]
    chance.shuffle(chosen)
    return chosen


def names(*, seed: int) -> list[str]:
    """Names of parameters that might be taken for a column, an order or a filter."""
    broken = [each for each in sql(seed=seed, many=60) if TOKEN in each]
    return [each.format(TOKEN) for each in NAMES] + broken[:12]
