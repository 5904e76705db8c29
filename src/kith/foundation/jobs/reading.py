"""A job that reads what somebody uploaded: how far it is, what is said when it cannot go on, and no file left lying."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kith.foundation.jobs import progress
from kith.vocabulary.errors import KithError

OURS = "Something in Kith itself went wrong, and nothing of these files was kept. Tell whoever looks after Kith here."


@contextmanager
def reading(*, key: str, folder: Path, refuse: Callable[[str], None]) -> Iterator[progress.Step]:
    """Inside, the files of a folder are read; afterwards they are gone, whatever happened.

    `refuse` is told in a sentence why nothing came of it; a fault of our own is raised again after that.
    """
    told = progress.start(key)
    try:
        yield told
    except KithError as refused:
        refuse(f"{refused.sentence} {refused.mend}".strip())
    except Exception:
        logging.getLogger(__name__).exception("%s failed", key)
        refuse(OURS)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        progress.finish(key)
