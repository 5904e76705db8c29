"""A request is answered, on PostgreSQL, in a role of the database that passes no wall: what is hidden stays in.

Only PostgreSQL has this second wall; elsewhere the queries are all.
"""

from __future__ import annotations

ROLE = "kith_reader"
