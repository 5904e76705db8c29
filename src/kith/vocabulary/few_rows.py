"""Questions about few rows, asked one after the other: Polars answers each on the thread that asks.

It hands each question to threads of its own and waits for them. Of a child's few rows a page asks hundreds, and there
to hand over takes as long as to answer. Within a question that Polars itself is answering it hands nothing over: so all
of them are asked within one that asks nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import wraps
from threading import get_ident
from typing import ParamSpec, TypeVar

import polars as pl

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
_NOTHING = pl.LazyFrame({"asks": [None]})


def of_few_rows(work: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """The same work, for where it asks many questions of few rows. What it raises is raised.

    It is done once, on the thread that calls, whatever Polars does: what hangs on a thread (a connection, a
    transaction) is there. Of many rows it takes longer, since one thread answers.
    """

    @wraps(work)
    def done(*given: Given.args, **named: Given.kwargs) -> Answer:
        caller, answer = get_ident(), Future[Answer]()

        def here(nothing: pl.DataFrame) -> pl.DataFrame:
            if get_ident() == caller and not answer.done():
                _settle(answer, lambda: work(*given, **named))
            return nothing

        _NOTHING.map_batches(here).collect(engine="streaming")
        return answer.result() if answer.done() else work(*given, **named)

    return done


def _settle(answer: Future[Answer], work: Callable[[], Answer]) -> None:
    try:
        answer.set_result(work())
    except BaseException as raised:  # and raised again, on the other side
        answer.set_exception(raised)
