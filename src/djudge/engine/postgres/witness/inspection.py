"""One look at a run's database from outside: its counters, and the functions that are in it."""

from __future__ import annotations

from types import TracebackType
from typing import Final, Self

from djudge.engine.postgres.databases import Database
from djudge.engine.postgres.witness.counters import Counters, read_counters

#: Objects of a database have numbers from 16384 on (FirstNormalObjectId). What a trusted extension brings belongs to
#: the superuser of initdb (role 10), which no candidate's function does, whatever extension it was added to.
_FUNCTIONS: Final = """
SELECT oid, md5(prosrc || coalesce(prosqlbody::text, '')) FROM pg_proc WHERE oid >= 16384 AND proowner <> 10
UNION ALL SELECT oid, rulename FROM pg_rewrite WHERE oid >= 16384 AND ev_type <> '1'
UNION ALL SELECT oid, tgname FROM pg_trigger WHERE oid >= 16384 AND NOT tgisinternal
"""

#: What this session itself has read so far goes to the counters now, and not in the middle of reading them.
_DELIVER: Final = "SELECT pg_stat_force_next_flush()"

type Functions = frozenset[tuple[int, str]]


class Inspection:
    """A superuser's session in a run's database, for catalogs and counters alone. A context manager.

    Opening one takes 3 ms and its first look at the counters 5 more, because the session's caches are empty: so open
    it while the guest starts, and `warm` it. What a candidate sets for the database does not reach a session that says
    itself how it wants to be.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cluster = database.cluster
        self._connection = self._cluster.connect_admin(database.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the session."""
        self._connection.close()

    def warm(self) -> None:
        """Read everything once, so that the next time is faster."""
        with self._cluster.guarded():
            self.functions()
            read_counters(self._connection)

    def functions(self) -> Functions:
        """The functions, rules and triggers in this database by now, as number and digest.

        Temporary ones of open sessions too. Rules and triggers copy what the judge writes.
        """
        with self._cluster.guarded():
            return frozenset((int(oid), str(digest)) for oid, digest in self._connection.execute(_FUNCTIONS))

    def counters(self) -> Counters:
        """The counters, complete: ends the guests' sessions, so stop the guests first; 4 ms."""
        self._database.end_sessions()
        with self._cluster.guarded():
            self._connection.execute(_DELIVER)
            return read_counters(self._connection)
