"""What the database itself and the jobs need each night."""

from __future__ import annotations

from datetime import time

from kith.foundation import database
from kith.foundation.nights import each_night

from . import lives


@each_night(at=time(3, 30))  # after all that writes much
def take_stock_tonight() -> None:
    """Have SQLite count again what has changed much since it was last counted."""
    database.keep_stock()


@each_night(at=time(0, 50))
def stop_left_over_tonight() -> None:
    """Say of what was under way in a process that no longer lives that it stopped, and take its files away."""
    lives.stop_left_over()
