"""What the witness saw of one role between two looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from djudge.engine.postgres.witness.plans import PlanFacts
from djudge.engine.values import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One execution, or several of one shape folded into one entry (`executions` > 1).

    `sql` is the text as it was sent, capped: it may hold names that are random in a run, which `shape` never
    does. `nested`: run by a function, trigger or rule; its blocks are also in those of the statement around
    it. `measured` is False where no plan was logged for something that can read rows. `constraint`:
    PostgreSQL's own foreign-key check, which is counted apart.
    """

    sql: str
    shape: str
    kind: Literal["plan", "utility", "fetch"]
    executions: int
    rows: int
    blocks: int
    plan: PlanFacts | None
    measured: bool
    nested: bool
    constraint: bool
    by: str
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All executions of one shape, with the plan that touched the most blocks (then rows) in its stored form."""

    shape: str
    kind: Literal["plan", "utility", "fetch"]
    count: int
    rows: int
    blocks: int
    unmeasured: int
    plan: Json


@dataclass(frozen=True, slots=True)
class Account:
    """What plans say was read of a table (tuples) or an index (entries). `slack` is what their rounding hides."""

    read: int = 0
    slack: float = 0.0

    def __add__(self, other: Account) -> Account:
        return Account(self.read + other.read, self.slack + other.slack)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Statements of one role between two looks, in the order in which they were sent.

    `settled` is False when a session was still in a transaction at the deadline: what is open there is
    unmeasured.
    """

    statements: tuple[Statement, ...] = ()
    settled: bool = True
    #: Statements in one string, at most.
    largest_bundle: int = 0
    log_bytes: int = 0
    #: By full name of a table or an index (bare in `public`); for the comparison with the counters.
    accounts: Mapping[str, Account] = field(default_factory=dict)
    #: How many executed plans scanned a table, by full name.
    scans: Mapping[str, int] = field(default_factory=dict)
    #: How many rows of a table plans read, whether they passed a filter or not; of an index only, its entries.
    touched: Mapping[str, int] = field(default_factory=dict)
    #: Texts of statements that build, rewrite or copy tables and can read them without a plan, capped.
    maintenance: tuple[str, ...] = ()

    @property
    def executions(self) -> int:
        """Plans, utility statements, and statements that left no plan; nested ones too, foreign-key checks not."""
        return sum(statement.executions for statement in self.statements if not statement.constraint)

    @property
    def unmeasured(self) -> int:
        """Executions that could read rows and left no plan. Never cheap: their cost is unknown."""
        return sum(statement.executions for statement in self.statements if not statement.measured)

    @property
    def constraint_checks(self) -> int:
        """Foreign-key checks that PostgreSQL made by itself, one or two a row written."""
        return sum(statement.executions for statement in self.statements if statement.constraint)

    @property
    def rows(self) -> int:
        """Rows out of the roots of the statements that the role sent."""
        return sum(statement.rows for statement in self._roots())

    @property
    def blocks(self) -> int:
        """Blocks of those statements, with everything that ran inside them."""
        return sum(statement.blocks for statement in self._roots())

    def groups(self) -> tuple[Group, ...]:
        """Statements by shape, the most frequent first; foreign-key checks are left out."""
        found: dict[tuple[str, str], list[Statement]] = {}
        for statement in self.statements:
            if not statement.constraint:
                found.setdefault((statement.shape, statement.kind), []).append(statement)
        groups = [_group(members) for members in found.values()]
        return tuple(sorted(groups, key=lambda group: (-group.count, group.shape, group.kind)))

    def scans_of(self, relation: str) -> int:
        """How many executed plans read this table (of `public`, or `schema.table`)."""
        return self.scans.get(relation, 0)

    def _roots(self) -> Iterable[Statement]:
        return (one for one in self.statements if one.kind != "fetch" and not one.nested and not one.constraint)


def combined(readings: Sequence[Reading]) -> Reading:
    """Several looks as one."""
    return Reading(
        statements=tuple(statement for reading in readings for statement in reading.statements),
        settled=all(reading.settled for reading in readings),
        largest_bundle=max((reading.largest_bundle for reading in readings), default=0),
        log_bytes=sum(reading.log_bytes for reading in readings),
        accounts=_summed(readings),
        scans=_counted([reading.scans for reading in readings]),
        touched=_counted([reading.touched for reading in readings]),
        maintenance=tuple(text for reading in readings for text in reading.maintenance),
    )


def _summed(readings: Sequence[Reading]) -> Mapping[str, Account]:
    accounts: dict[str, Account] = {}
    for reading in readings:
        for name, account in reading.accounts.items():
            accounts[name] = accounts.get(name, Account()) + account
    return accounts


def _counted(parts: Sequence[Mapping[str, int]]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for part in parts:
        for name, count in part.items():
            counts[name] = counts.get(name, 0) + count
    return counts


def _group(members: Sequence[Statement]) -> Group:
    heaviest: PlanFacts | None = None
    for member in members:
        if member.plan and member.plan.heavier_than(heaviest):
            heaviest = member.plan
    return Group(
        shape=members[0].shape,
        kind=members[0].kind,
        count=sum(member.executions for member in members),
        rows=sum(member.rows for member in members),
        blocks=sum(member.blocks for member in members),
        unmeasured=sum(member.executions for member in members if not member.measured),
        plan=heaviest.to_json() if heaviest else None,
    )
