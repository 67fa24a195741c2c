"""What a request asked of PostgreSQL, told by PostgreSQL and by libpq: nothing of ours can forget to count."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Final, Self

import psycopg
from psycopg.pq import Trace

#: A table of fewer rows is rightly read whole.
_SMALL: Final = 1000

_COUNTED: Final = """
    SELECT coalesce(sum(calls), 0)::int, coalesce(sum(rows), 0)::int,
           coalesce(sum(shared_blks_hit + shared_blks_read), 0)::int
    FROM pg_stat_statements
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one request asked: statements, rows that were sent, blocks that were looked at, bytes that came back."""

    statements: int
    rows: int
    blocks: int
    received: int


class Counters:
    """`pg_stat_statements`, read by a session that it does not count."""

    def __init__(self, url: str) -> None:
        self._session = psycopg.connect(url, autocommit=True)
        self._session.execute("SET pg_stat_statements.track = 'none'")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *about: object) -> None:
        self._session.close()

    @contextmanager
    def counting(self, connection: psycopg.Connection[Any]) -> Iterator[list[Asked]]:
        """Count what is done within; the list holds one `Asked` afterwards."""
        found: list[Asked] = []
        self._session.execute("SELECT pg_stat_statements_reset()")
        with tempfile.TemporaryFile("w+") as told:
            connection.pgconn.trace(told.fileno())
            connection.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
            try:
                yield found
            finally:
                connection.pgconn.untrace()
            row = self._session.execute(_COUNTED).fetchone()
            assert row is not None
            found.append(Asked(statements=row[0], rows=row[1], blocks=row[2], received=_received(told)))

    def settle(self) -> None:
        """What autovacuum does in time: statistics, and the map of pages that everybody sees."""
        self._session.execute("VACUUM ANALYZE")
        self._session.execute("CHECKPOINT")

    def grown_scans(self, statements: list[str]) -> list[str]:
        """Tables of more than a thousand rows that one of these statements reads from end to end."""
        large = {
            row[0]
            for row in self._session.execute("SELECT relname FROM pg_class WHERE reltuples > %s", [_SMALL]).fetchall()
        }
        scans = {name for statement in statements for name in _sequential(self._plan(statement))}
        return sorted(scans & large)

    def rows_read(self, statements: list[str]) -> int:
        """Rows that their scans went through, whether they were sent or thrown away."""
        return sum(_read(self._plan(statement, "ANALYZE, ")) for statement in statements)

    def _plan(self, statement: str, more: str = "") -> Mapping[str, Any]:
        row = self._session.execute(f"EXPLAIN ({more}FORMAT JSON) {statement}".encode()).fetchone()
        assert row is not None
        plan: Mapping[str, Any] = (json.loads(row[0]) if isinstance(row[0], str) else row[0])[0]["Plan"]
        return plan


def _received(told: IO[str]) -> int:
    """Bytes of messages from the server: libpq writes each as direction, length, name."""
    told.seek(0)
    lines = (line.split("\t", 2) for line in told)
    return sum(int(line[1]) + 1 for line in lines if len(line) == 3 and line[0] == "B" and line[1].isdigit())


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from _nodes(each)


def _sequential(plan: Mapping[str, Any]) -> set[str]:
    return {node["Relation Name"] for node in _nodes(plan) if node["Node Type"] == "Seq Scan"}


def _read(plan: Mapping[str, Any]) -> int:
    """What scans gave away, and what they looked at and did not."""
    scans = [node for node in _nodes(plan) if "Relation Name" in node or node["Node Type"] == "Bitmap Index Scan"]
    removed = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    counts = ((n["Actual Rows"] + sum(n.get(name, 0) for name in removed)) * n["Actual Loops"] for n in scans)
    return round(sum(float(count) for count in counts))
