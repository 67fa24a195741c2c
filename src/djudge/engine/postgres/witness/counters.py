"""PostgreSQL's own counters of a database, and what they saw that the plans did not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from djudge.engine.postgres.connections import Connection
from djudge.engine.postgres.witness.reading import Account, Reading

_TABLES: Final = """
SELECT relid, relname, n_live_tup, coalesce(seq_tup_read, 0), coalesce(idx_tup_fetch, 0),
  n_tup_ins, n_tup_upd, n_tup_del
FROM pg_stat_user_tables ORDER BY relid
"""
_INDEXES: Final = """
SELECT indexrelid, indexrelname, relname, idx_tup_read FROM pg_stat_user_indexes ORDER BY indexrelid
"""

#: A database's sum has every table's reads in it, also of tables that are gone.
_TOTAL: Final = "SELECT tup_returned FROM pg_stat_database WHERE datname = current_database()"
_TRACKED: Final = """
SELECT relid, coalesce(seq_tup_read, 0) FROM pg_stat_all_tables
UNION ALL SELECT indexrelid, idx_tup_read FROM pg_stat_all_indexes
"""

#: What the judge's own look at the catalogs may add to either side.
_OWN_READS: Final = 200

#: Reads without a scan that honest statements cause: conflicts of an upsert, rechecks after a lock.
_TOLERATED: Final = 20
_TOLERATED_SHARE: Final = 0.02

#: Index entries of dead rows are read again and again until a vacuum: only much more than that is a gap.
_TOLERATED_ENTRIES: Final = 200
_TOLERATED_ENTRY_SHARE: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCounters:
    """One table since its database was cloned: rows in it, and rows read, inserted, updated, deleted."""

    name: str
    live: int
    seq_tup_read: int
    idx_tup_fetch: int
    inserted: int
    updated: int
    deleted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexCounters:
    """One index: how many entries were read."""

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

    def table(self, name: str) -> TableCounters | None:
        """The counters of a table by name, in whichever schema."""
        return next((table for table in self.tables.values() if table.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Reads that the counters saw and the plans did not.

    `what`: `rows` of a table, `entries` of an index, or reads of relations that are `gone`.
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
            name=str(row[1]),
            live=int(row[2]),
            seq_tup_read=int(row[3]),
            idx_tup_fetch=int(row[4]),
            inserted=int(row[5]),
            updated=int(row[6]),
            deleted=int(row[7]),
        )
        for row in connection.execute(_TABLES)
    }
    indexes = {
        int(row[0]): IndexCounters(name=str(row[1]), table=str(row[2]), idx_tup_read=int(row[3]))
        for row in connection.execute(_INDEXES)
    }
    tracked = {int(oid): int(count) for oid, count in connection.execute(_TRACKED)}
    total = connection.execute(_TOTAL).fetchone()
    return Counters(tables=tables, indexes=indexes, total=int(total[0]) if total else 0, tracked=tracked)


def gaps(before: Counters | None, after: Counters, reading: Reading) -> tuple[Gap, ...]:
    """Where the counters grew by more than the plans of a reading explain.

    `before` None: since the database was cloned. A statement that defines or maintains tables may read each table that
    it names twice without a plan.
    """
    return (*_table_gaps(before, after, reading), *_index_gaps(before, after, reading), *_gone(before, after))


def _table_gaps(before: Counters | None, after: Counters, reading: Reading) -> Iterator[Gap]:
    for name, counted in sorted(_grown_tables(before, after).items()):
        account = reading.accounts.get(name, Account())
        allowed = _TOLERATED + account.slack + account.read * _TOLERATED_SHARE + _defined(name, after, reading)
        if counted - account.read > allowed:
            yield Gap(what="rows", relation=name, counted=counted, accounted=account.read)


def _grown_tables(before: Counters | None, after: Counters) -> dict[str, int]:
    grown: dict[str, int] = {}
    for oid, table in after.tables.items():
        old = before.tables.get(oid) if before else None
        was = old.seq_tup_read + old.idx_tup_fetch if old else 0
        grown[table.name] = grown.get(table.name, 0) + table.seq_tup_read + table.idx_tup_fetch - was
    return grown


def _index_gaps(before: Counters | None, after: Counters, reading: Reading) -> Iterator[Gap]:
    for oid, index in sorted(after.indexes.items()):
        old = before.indexes.get(oid) if before else None
        counted = index.idx_tup_read - (old.idx_tup_read if old else 0)
        account = reading.accounts.get(index.name, Account())
        allowed = _TOLERATED_ENTRIES + account.slack + account.read * _TOLERATED_ENTRY_SHARE
        allowed += _defined(index.table, after, reading)
        if counted - account.read > allowed:
            yield Gap(what="entries", relation=index.name, counted=counted, accounted=account.read)


def _gone(before: Counters | None, after: Counters) -> Iterator[Gap]:
    """Reads of relations that no longer exist, from the sum of the database."""
    counted = after.total - (before.total if before else 0)
    tracked = sum(count - (before.tracked.get(oid, 0) if before else 0) for oid, count in after.tracked.items())
    if counted - tracked > _OWN_READS:
        yield Gap(what="gone", relation="", counted=counted, accounted=tracked)


def _defined(name: str, after: Counters, reading: Reading) -> int:
    """What statements that define or maintain this table may have read of it."""
    table = after.table(name)
    if table is None or not reading.definitions:
        return 0
    word = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])", re.IGNORECASE)
    mentions = sum(1 for text in reading.definitions if word.search(text))
    return 2 * mentions * max(table.live, table.inserted)
