"""What the database itself needs each night."""

from __future__ import annotations

from datetime import time

from kith.foundation import database
from kith.foundation.nights import each_night


@each_night(at=time(3, 30))  # after all that writes much
def take_stock_tonight() -> None:
    """Have SQLite count again what has changed much since it was last counted."""
    database.keep_stock()
