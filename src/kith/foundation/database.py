"""Which SQLite: the one in Debian and most Pythons can corrupt a WAL database, so a sound one takes its place."""

from __future__ import annotations

import sys

SOUND_SINCE = (3, 51, 3)


def use_sound_sqlite() -> str:
    """Put pysqlite3 where Django looks for sqlite3; return a warning when no sound SQLite is here, else nothing."""
    try:
        import pysqlite3
        import pysqlite3.dbapi2
    except ImportError:
        import sqlite3

        if sqlite3.sqlite_version_info >= SOUND_SINCE:
            return ""
        version = sqlite3.sqlite_version
        return f"SQLite {version} has a known fault that can corrupt a busy database: use PostgreSQL here."
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
    return ""
