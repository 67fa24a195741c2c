"""Measures exhibits: each version on a clone of its own, in the pack's Django, as PostgreSQL's own log tells it.

The code is this repository's, so there is no jail; it runs in a process of its own all the same. The figures are of the
one execution itself (auto_explain with ANALYZE and BUFFERS, without TIMING): nothing is run again to be explained.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from djudge.engine.environment import locked_version
from djudge.engine.errors import TaskFault
from djudge.engine.museum.exhibits import Exhibit, exhibit_digest
from djudge.engine.museum.figures import SIZES, Figures, Measured, Node, Shape, Side
from djudge.engine.packs.model import Pack
from djudge.engine.packs.tree import pack_digest
from djudge.engine.postgres.databases import Database
from djudge.engine.postgres.statistics import all_tables, analyze
from djudge.engine.postgres.templates import Template
from djudge.engine.postgres.witness.plans import PlanFacts, PlanNode
from djudge.engine.postgres.witness.reading import Reading, Statement
from djudge.engine.postgres.witness.witness import Witness
from djudge.engine.system import environ_of, filled

type Tell = Callable[[str, str], None]

_DRIVER: Final = Path(__file__).parents[2] / "driver" / "exhibiting.py"

#: The slow one of all takes some seconds at the larger size, with every statement logged.
_SECONDS: Final = 120

_ROWS: Final = "SELECT relname, reltuples FROM pg_catalog.pg_class WHERE relname = ANY(%s) ORDER BY relname"

#: More shapes than a page or a job has that people look at together.
_SHAPES: Final = 4


@dataclass(frozen=True, slots=True)
class _Version:
    """One version as it was run: its answer's digest, rows and beginning, what PostgreSQL saw, the migration's SQL."""

    sha256: str
    rows: int
    example: tuple[str, ...]
    side: Side
    tables: dict[str, int]
    migration_sql: tuple[str, ...]


class Museum:
    """A pack's data at some sizes, ready to be shown exhibits. A context manager; half a second a size to open.

    Seconds a size where its data was never generated here.
    """

    def __init__(self, pack: Pack, sizes: Sequence[str] = SIZES) -> None:
        self.pack = pack
        self._sizes = sizes
        self._stack = ExitStack()
        self._templates: dict[str, Template] = {}

    def open(self, tell: Tell) -> None:
        """Have the data at hand. Raises TaskFault where the pack's own system can't be filled."""
        with ExitStack() as stack:
            for size in self._sizes:
                self._templates[size] = stack.enter_context(filled(self.pack, size, tell))
            self._stack = stack.pop_all()

    def close(self) -> None:
        """Stop the servers and throw the data away."""
        self._stack.close()

    def measure(self, exhibit: Exhibit, tell: Tell) -> Figures:
        """Both versions at every size; 1 to 4 s a size. Raises TaskFault where they don't answer alike."""
        found: dict[str, Measured] = {}
        migration_sql: tuple[str, ...] = ()
        for size, template in self._templates.items():
            tell(exhibit.slug, f"size {size}")
            slow, fast = _run(exhibit, "slow", template), _run(exhibit, "fast", template)
            if slow.sha256 != fast.sha256:
                raise TaskFault(
                    f"The two versions of {exhibit.name} answer differently at size {size}: {slow.rows} and "
                    f"{fast.rows} rows, the first {slow.example} and {fast.example}.",
                    "A mend gives the same answer.",
                    path=exhibit.folder,
                )
            migration_sql = fast.migration_sql
            found[size] = Measured(tables=slow.tables, answer=slow.rows, slow=slow.side, fast=fast.side)
        template = next(iter(self._templates.values()))
        return Figures(
            exhibit=exhibit_digest(exhibit),
            pack=pack_digest(self.pack),
            postgres=template.cluster.binaries.major,
            django=locked_version(self.pack, "django"),
            migration_sql=migration_sql,
            sizes=found,
        )


def _run(exhibit: Exhibit, name: str, template: Template) -> _Version:
    database = template.clone()
    try:
        sql = _migrated(exhibit, database) if name == "fast" and exhibit.migration else ()
        login = database.login()
        order = {
            "do": "show", "file": str(exhibit.folder / f"{name}.py"), "call": exhibit.file.call,
            "beside": str(exhibit.beside) if exhibit.beside else "", "role": login.role, "password": login.password,
        }  # fmt: skip
        answer = _driven(exhibit, database, order)
        reading = Witness(template.cluster).read(database, login)
        if reading.unmeasured or not reading.settled:
            raise TaskFault(f"Not all of what {name}.py of {exhibit.name} did was measured.", path=exhibit.folder)
        side = _side(reading)
        tables = _tables(database, side)
        return _Version(answer["sha256"], answer["rows"], tuple(answer["example"]), side, tables, sql)
    finally:
        database.drop()


def _migrated(exhibit: Exhibit, database: Database) -> tuple[str, ...]:
    """The mend's migration, and statistics of every row afterwards, as a template has them."""
    answer = _driven(exhibit, database, {"do": "migrate", "file": str(exhibit.folder / "migration.py")})
    database.end_sessions()
    with database.arrange() as connection:
        analyze(connection, all_tables(connection))
    return tuple(answer["sql"])


def _driven(exhibit: Exhibit, database: Database, order: Mapping[str, str]) -> dict[str, Any]:
    environ = environ_of(exhibit.pack, database.login(), database.cluster)
    environ |= {
        "PYTHONPATH": f"{environ['PYTHONPATH']}:{exhibit.pack.system}",
        "DJANGO_SETTINGS_MODULE": str(exhibit.pack.settings),
        "DEBUG": "0",
    }
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(_DRIVER)],
            cwd=exhibit.pack.system,
            env=environ,
            input=json.dumps(order),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise TaskFault(
            f"{exhibit.name} did not end within {_SECONDS} s.", "Make it do less.", path=exhibit.folder
        ) from None
    if done.returncode:
        raise TaskFault(f"{exhibit.name} could not be run.", done.stderr[-4000:], path=exhibit.folder)
    return dict(json.loads(done.stdout))


def _side(reading: Reading) -> Side:
    """Connecting and transactions are no statements here: only what reads or writes rows has a plan."""
    planned = [one for one in reading.statements if one.kind == "plan" and not one.nested and not one.constraint]
    return Side(
        statements=sum(one.executions for one in planned),
        sent=sum(one.rows for one in planned),
        read=sum(reading.touched.values()),
        blocks=sum(one.blocks for one in planned),
        spilled=sum(one.plan.nodes[0].spilled for one in planned if one.plan),
        shapes=tuple(_shapes(planned))[:_SHAPES],
    )


def _tables(database: Database, side: Side) -> dict[str, int]:
    """Rows of the tables that were read, as the last VACUUM counted them: all of them."""
    names = sorted({node.relation for shape in side.shapes for node in shape.plan if node.relation})
    with database.arrange() as connection:
        rows = connection.execute(_ROWS, [names])
        return {str(name): int(count) for name, count in rows}


def _shapes(statements: Sequence[Statement]) -> Iterator[Shape]:
    """In the order in which they were first sent."""
    groups: dict[str, list[Statement]] = {}
    for one in statements:
        groups.setdefault(one.shape, []).append(one)
    for members in groups.values():
        heaviest, plan = members[0], members[0].plan
        for one in members[1:]:
            if one.plan and one.plan.heavier_than(plan):
                heaviest, plan = one, one.plan
        yield Shape(
            sql=heaviest.sql,
            count=sum(one.executions for one in members),
            sent=sum(one.rows for one in members),
            blocks=sum(one.blocks for one in members),
            plan=_nodes(plan),
        )


def _nodes(plan: PlanFacts | None) -> tuple[Node, ...]:
    return tuple(_node(node) for node in plan.nodes) if plan else ()


def _node(node: PlanNode) -> Node:
    return Node(
        depth=node.depth,
        type=node.type,
        relation=node.relation,
        index=node.index,
        rows=node.rows,
        expected=node.expected,
        removed=node.removed,
        loops=node.loops,
        blocks=node.blocks,
        spilled=node.spilled,
        asked=dict(node.asked),
    )
