"""PostgreSQL's own counters of a database, and what they saw that the plans did not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from djudge.engine.postgres.connections import Connection
from djudge.engine.postgres.witness.plans import full_name
from djudge.engine.postgres.witness.reading import Account, Reading

_TABLES: Final = """
SELECT relid, schemaname, stat.relname, greatest(n_live_tup, class.reltuples, (SELECT max(index.reltuples)
    FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid WHERE indrelid = relid))::bigint,
  coalesce(seq_tup_read, 0), coalesce(idx_tup_fetch, 0), n_tup_ins, n_tup_upd, n_tup_del
FROM pg_stat_user_tables AS stat JOIN pg_class AS class ON class.oid = relid ORDER BY relid
"""
_INDEXES: Final = """
SELECT indexrelid, schemaname, indexrelname, relname, idx_tup_read FROM pg_stat_user_indexes ORDER BY indexrelid
"""

_TRACKED: Final = """
SELECT relid, coalesce(seq_tup_read, 0)
FROM pg_stat_all_tables JOIN pg_class ON oid = relid WHERE NOT relisshared
UNION ALL
SELECT indexrelid, idx_tup_read FROM pg_stat_all_indexes JOIN pg_class ON oid = indexrelid WHERE NOT relisshared
"""

#: A database's sum has every table's reads in it, also of tables that are gone. Blocks are those of tables and their
#: indexes; long values are left out, which are read while a row is sent, after its plan. Calls are of functions that
#: somebody made in this database: PostgreSQL's own that are written in SQL are counted there too, and nobody but a
#: superuser adds to their schemas.
_SUMS: Final = """
SELECT (SELECT tup_returned FROM pg_stat_database WHERE datname = current_database()),
  (SELECT coalesce(sum(coalesce(heap_blks_read, 0) + coalesce(heap_blks_hit, 0)
    + coalesce(idx_blks_read, 0) + coalesce(idx_blks_hit, 0)), 0)::bigint FROM pg_statio_user_tables),
  (SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_user_functions
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema'))
"""

#: What the judge's own look at the catalogs may add to either side.
_OWN_READS: Final = 200

#: Reads without a scan that honest statements cause: rechecks after a lock, checks of exclusion constraints.
_TOLERATED: Final = 8
_TOLERATED_SHARE: Final = 0.02

#: To plan a statement, the first and the last row of an index are looked up, where a write has made it unsure whether
#: all can see them.
_PLANNING_READS: Final = 2

#: Since then plans tell averages of rows with two decimals.
_FINE_ROWS_SINCE: Final = 18

#: Index entries of dead rows are read again and again until a vacuum: only much more than that is a gap.
_TOLERATED_ENTRIES: Final = 200
_TOLERATED_ENTRY_SHARE: Final = 1.0

#: Planning looks at indexes; writing without a plan (COPY) and checking keys touch tables and indexes.
_TOLERATED_BLOCKS: Final = 60
_PLANNING_BLOCKS: Final = 6
_WRITING_BLOCKS: Final = 12
_TOLERATED_BLOCK_SHARE: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCounters:
    """One table since its database was cloned: rows in it, and rows read, inserted, updated, deleted."""

    schema: str
    name: str
    live: int
    seq_tup_read: int
    idx_tup_fetch: int
    inserted: int
    updated: int
    deleted: int

    @property
    def reads(self) -> int:
        """Rows read, by scans of the table and by way of its indexes."""
        return self.seq_tup_read + self.idx_tup_fetch

    @property
    def written(self) -> int:
        """Rows inserted, updated and deleted."""
        return self.inserted + self.updated + self.deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexCounters:
    """One index: how many entries were read."""

    schema: str
    name: str
    table: str
    idx_tup_read: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """A database's counters at a moment when no session was left that has not delivered its own."""

    tables: Mapping[int, TableCounters]
    indexes: Mapping[int, IndexCounters]
    total: int
    tracked: Mapping[int, int]
    blocks: int
    calls: int
    #: Of the server: its plans round rows less coarsely from 18 on.
    major: int

    @property
    def written(self) -> int:
        """Rows inserted, updated and deleted, in all tables."""
        return sum(table.written for table in self.tables.values())

    def table(self, name: str, schema: str = "public") -> TableCounters | None:
        """The counters of a table."""
        return next((one for one in self.tables.values() if (one.schema, one.name) == (schema, name)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What the counters say beside the plans: reads without one, and calls of functions in the database."""

    gaps: tuple[Gap, ...]
    calls: int

    @property
    def gap(self) -> int:
        """How many reads are not accounted for, in all."""
        return sum(gap.rows for gap in self.gaps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Reads that the counters saw and the plans did not.

    `what`: `rows` of a table, `entries` of an index, reads of relations that are `gone`, or `blocks` of all
    tables (rows that were fetched by their place).
    """

    what: str
    relation: str
    counted: int
    accounted: int

    @property
    def rows(self) -> int:
        """How many reads are not accounted for."""
        return self.counted - self.accounted


def read_counters(connection: Connection) -> Counters:
    """All counters, from a superuser's connection that is used for nothing else."""
    tables = {
        int(row[0]): TableCounters(
            schema=str(row[1]),
            name=str(row[2]),
            live=int(row[3]),
            seq_tup_read=int(row[4]),
            idx_tup_fetch=int(row[5]),
            inserted=int(row[6]),
            updated=int(row[7]),
            deleted=int(row[8]),
        )
        for row in connection.execute(_TABLES)
    }
    indexes = {
        int(row[0]): IndexCounters(schema=str(row[1]), name=str(row[2]), table=str(row[3]), idx_tup_read=int(row[4]))
        for row in connection.execute(_INDEXES)
    }
    tracked = {int(oid): int(count) for oid, count in connection.execute(_TRACKED)}
    total, blocks, calls = _sums(connection)
    return Counters(
        tables=tables,
        indexes=indexes,
        total=total,
        tracked=tracked,
        blocks=blocks,
        calls=calls,
        major=connection.info.server_version // 10_000,
    )


def _sums(connection: Connection) -> tuple[int, int, int]:
    row = connection.execute(_SUMS).fetchone()
    assert row is not None
    return int(row[0] or 0), int(row[1]), int(row[2])


def gaps(before: Counters | None, after: Counters, reading: Reading) -> tuple[Gap, ...]:
    """Where the counters grew by more than the plans of a reading explain.

    `before` None: since the database was cloned. A statement that builds, rewrites or copies tables may read each
    table that it names without a plan: to rewrite it, to check it, and to build each index anew.
    """
    return (
        *_table_gaps(before, after, reading),
        *_index_gaps(before, after, reading),
        *_gone(before, after),
        *_block_gap(before, after, reading),
    )


def _table_gaps(before: Counters | None, after: Counters, reading: Reading) -> Iterator[Gap]:
    for oid, table in sorted(after.tables.items()):
        old = before.tables.get(oid) if before else None
        counted = table.reads - (old.reads if old else 0)
        name = full_name(table.schema, table.name)
        account = reading.accounts.get(name, Account())
        allowed = _TOLERATED + _rounding(account, after.major) + account.read * _TOLERATED_SHARE
        if table.written:
            allowed += _PLANNING_READS * reading.scans_of(name)
        missing = counted - account.read - allowed
        if missing > 0 and missing > _maintained(table, after, reading):
            yield Gap(what="rows", relation=table.name, counted=counted, accounted=account.read)


def _index_gaps(before: Counters | None, after: Counters, reading: Reading) -> Iterator[Gap]:
    for oid, index in sorted(after.indexes.items()):
        old = before.indexes.get(oid) if before else None
        counted = index.idx_tup_read - (old.idx_tup_read if old else 0)
        account = reading.accounts.get(full_name(index.schema, index.name), Account())
        allowed = _TOLERATED_ENTRIES + _rounding(account, after.major) + account.read * _TOLERATED_ENTRY_SHARE
        missing = counted - account.read - allowed
        if missing > 0 and missing > _maintained(after.table(index.table, index.schema), after, reading):
            yield Gap(what="entries", relation=index.name, counted=counted, accounted=account.read)


def _rounding(account: Account, major: int) -> float:
    """What rounded averages may hide, within reason: a join over nothing, repeated 100,000 times, must not buy room."""
    if major >= _FINE_ROWS_SINCE:
        return min(account.slack, 20 + account.read * 0.02)
    return min(account.slack, 200 + account.read)


def _gone(before: Counters | None, after: Counters) -> Iterator[Gap]:
    """Reads of relations that no longer exist, from the sum of the database."""
    counted = after.total - (before.total if before else 0)
    tracked = sum(count - (before.tracked.get(oid, 0) if before else 0) for oid, count in after.tracked.items())
    if counted - tracked > _OWN_READS:
        yield Gap(what="gone", relation="", counted=counted, accounted=tracked)


def _block_gap(before: Counters | None, after: Counters, reading: Reading) -> Iterator[Gap]:
    if reading.maintenance:
        return
    counted = after.blocks - (before.blocks if before else 0)
    accounted = reading.blocks + sum(one.blocks for one in reading.statements if one.constraint)
    written = after.written - (before.written if before else 0)
    allowed = _PLANNING_BLOCKS * reading.executions + _WRITING_BLOCKS * written + accounted * _TOLERATED_BLOCK_SHARE
    if counted - accounted > _TOLERATED_BLOCKS + allowed:
        yield Gap(what="blocks", relation="", counted=counted, accounted=accounted)


def _maintained(table: TableCounters | None, after: Counters, reading: Reading) -> int:
    """What statements that rebuild, rewrite or copy this table may have read of it.

    Dear: asked only where something is missing, since a guest may make tables and such statements by the thousand.
    """
    if table is None or not reading.maintenance:
        return 0
    word = re.compile(rf"(?<![\w$]){re.escape(table.name)}(?![\w$])", re.IGNORECASE)
    mentions = sum(1 for text in reading.maintenance if word.search(text))
    indexes = sum(1 for one in after.indexes.values() if (one.schema, one.table) == (table.schema, table.name))
    return mentions * (2 + indexes) * max(table.live, table.inserted)
