"""A page is read, on PostgreSQL, in a role of the database that passes no wall: what is hidden does not come out.

Only PostgreSQL has this second wall; elsewhere the queries are all.
"""

from __future__ import annotations

ROLE = "kith_reader"
