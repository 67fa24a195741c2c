"""The witness: what a guest's role executed, as PostgreSQL itself logged and counted it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from typing import Final

from djudge.engine.errors import CandidateFault
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.connections import MARKER_OPTIONS
from djudge.engine.postgres.databases import Database, Login
from djudge.engine.postgres.logspace import free_log
from djudge.engine.postgres.sizes import Quota, require_quota
from djudge.engine.postgres.witness.assembling import Assembler
from djudge.engine.postgres.witness.counters import Audit, Counters, Gap, gaps
from djudge.engine.postgres.witness.inspection import Inspection
from djudge.engine.postgres.witness.log import RoleLog
from djudge.engine.postgres.witness.reading import Reading, combined

#: How long a guest's session may be busy or in a transaction after the guest has answered.
SETTLE_SECONDS: Final = 5.0

#: How much log one run may cause, foreign-key checks aside: 100,000 statements.
LOG_MB: Final = 256

_WORTH_READING: Final = 8 << 20

_LONGEST_PAUSE: Final = 0.05

_BUSY: Final = """
SELECT count(*) FROM pg_stat_activity
WHERE usename = %s AND backend_type = 'client backend' AND state IS DISTINCT FROM 'idle'
"""


class Witness:
    """Reads what each login did; 1 ms a look, and 0.1 ms a statement. One for a cluster, in each process.

    A look sees what had reached the server by then. What a guest does later is in the next look: read once more after
    the guest has stopped.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._logs: dict[str, tuple[RoleLog, Assembler]] = {}
        self._arranged: dict[str, Reading] = {}
        self._absorbed = 0

    def mark(self, login: Login, seconds: float = SETTLE_SECONDS) -> None:
        """Forget what this login did so far: the next reading begins here."""
        self._look(login, seconds)

    def read(self, database: Database, login: Login, seconds: float = SETTLE_SECONDS) -> Reading:
        """What this login did since the last look.

        Waits until none of its sessions is busy or in a transaction, at most `seconds`; then the reading says that it
        is not settled, and what is open is unmeasured. Raises InfrastructureError, and CandidateFault where the
        sessions write more meanwhile than a run may.
        """
        assert login.database == database.name
        return self._look(login, seconds, database)

    def counters(self, database: Database) -> Counters:
        """The database's counters, complete: ends the guests' sessions, so stop the guests first; 12 ms."""
        with Inspection(database) as inspection:
            return inspection.counters()

    def gaps(self, database: Database, readings: Sequence[Reading], before: Counters | None = None) -> tuple[Gap, ...]:
        """What the counters saw since the clone (or since `before`) that no plan in these readings explains.

        Pass every reading of every guest in this database; what the judge arranged is added here. Only for
        databases with nested logging (not `bulk`). A gap is a reason to look, with innocent explanations
        (maintenance by hand).
        """
        return self._gaps(database, readings, before, self.counters(database))

    def audit(
        self,
        database: Database,
        readings: Sequence[Reading],
        inspection: Inspection,
        before: Counters | None = None,
    ) -> Audit:
        """The counters of a database whose guests have stopped, held against all their readings; 5 ms.

        With `before`, against those that came since: what was built or analysed earlier then excuses nothing later.

        What a function swallows leaves no plan, and calls by address (of an aggregate, an operator) are not even
        counted as calls: so look for functions before the guest is stopped, and compare with what was there before it.
        """
        after = inspection.counters()
        return Audit(gaps=self._gaps(database, readings, before, after), calls=after.calls)

    def gap(self, database: Database, readings: Sequence[Reading]) -> int:
        """How many reads `gaps` found, in all."""
        return sum(gap.rows for gap in self.gaps(database, readings))

    def require_bounded_log(self, database: Database, megabytes: int = LOG_MB) -> None:
        """Take in what was logged so far, give its disk space back, and refuse a flood.

        Call it while guests work, at each tick of their deadline; it costs a `stat` as long as little was
        written. Foreign-key checks don't count: an honest bulk insert causes two or three kilobytes of them
        for each row. Raises CandidateFault of kind `log_limit`.
        """
        if self._cluster.log_file.stat().st_size - self._absorbed < _WORTH_READING:
            return
        nonce, pid = self._write_marker()
        own = 0
        for login in database.logins:
            log, assembler = self._log_of(login)
            for event in log.until(nonce, pid):
                assembler.feed(event)
            own += log.written - assembler.constraint_bytes
            self._absorbed = log.offset
        with self._cluster.guarded():
            free_log(self._cluster.admin, self._cluster.log_file, besides=database.name, up_to=self._absorbed)
        if own > megabytes << 20:
            raise CandidateFault(
                f"The statements and messages sent to the database take more than {megabytes} MB in its log.",
                "Send fewer and shorter statements.",
                phase="observing",
                kind="log_limit",
            )

    def _arranged_in(self, database: Database) -> Reading:
        login = database.arranger
        if login is None:
            return Reading()
        before = self._arranged.get(login.role, Reading())
        self._arranged[login.role] = combined([before, self._look(login, 0.0)])
        return self._arranged[login.role]

    def _gaps(
        self, database: Database, readings: Sequence[Reading], before: Counters | None, after: Counters
    ) -> tuple[Gap, ...]:
        assert not database.bulk
        return gaps(before, after, combined([*readings, self._arranged_in(database)]))

    def _look(self, login: Login, seconds: float, database: Database | None = None) -> Reading:
        log, assembler = self._log_of(login)
        settled = self._settle(login, seconds, database)
        nonce, pid = self._write_marker()
        before = log.written
        for event in log.until(nonce, pid):
            assembler.feed(event)
        return assembler.reading(settled=settled, log_bytes=log.written - before)

    def _log_of(self, login: Login) -> tuple[RoleLog, Assembler]:
        if login.role not in self._logs:
            log = RoleLog(self._cluster.log_file, login.role, login.log_start)
            self._logs[login.role] = (log, Assembler(login.role, self._cluster.binaries.major))
        return self._logs[login.role]

    def _settle(self, login: Login, seconds: float, database: Database | None) -> bool:
        """Whether no session is busy any more. What they write meanwhile is held against the quota: nobody else does.

        A session goes on when its guest has answered, or is gone.
        """
        deadline = time.monotonic() + seconds
        pause = 0.001
        while True:
            if database is not None and pause >= _LONGEST_PAUSE:
                require_quota(database, Quota())
            with self._cluster.guarded():
                row = self._cluster.admin.execute(_BUSY, [login.role]).fetchone()
            if row is not None and row[0] == 0:
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _write_marker(self) -> tuple[str, int]:
        nonce = secrets.token_hex(16)
        connection = self._cluster.lasting(MARKER_OPTIONS)
        with self._cluster.guarded():
            connection.execute(f"SELECT '{nonce}'".encode())
        return nonce, connection.info.backend_pid
