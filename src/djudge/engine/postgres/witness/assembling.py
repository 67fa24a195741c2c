"""Make statements out of a role's events: which plan belongs to which text, and which text got none."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from djudge.engine.postgres.witness.events import Event, EventKind
from djudge.engine.postgres.witness.parts import Expected, Part, parts_of, text_shape
from djudge.engine.postgres.witness.plans import ParsedPlan, PlanFacts, Reads, parse_plan
from djudge.engine.postgres.witness.reading import Account, Reading, Statement

#: Sent statements beyond this number in one reading are folded by shape, so that a flood can't fill our
#: memory.
_KEPT: Final = 3_000
_SQL_LENGTH: Final = 2_000
_MAINTENANCE: Final = 200

#: The queries of PostgreSQL's referential integrity triggers (ri_triggers.c), which no plain role can send: the
#: parameter is bound by the trigger, and a function of a candidate would stand in the context.
_CONSTRAINT: Final = re.compile(
    r"(?:SELECT 1 FROM (?:ONLY )?[^;]{1,400} x WHERE [^;]{1,2000} FOR KEY SHARE OF x"
    r"|DELETE FROM (?:ONLY )?[^;]{1,400} WHERE \$1 OPERATOR\(pg_catalog\.=\) [^;]{1,2000}"
    r"|UPDATE (?:ONLY )?[^;]{1,400} SET [^;]{1,2000} WHERE \$\d+ OPERATOR\(pg_catalog\.=\) [^;]{1,2000})",
    re.DOTALL,
)

#: Utility statements whose error tells nothing of what is in a table. Others quote the row that they stopped at.
_HARMLESS: Final = frozenset(
    {"BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "SET", "SHOW", "RESET", "CLOSE"}
)

#: What libraries call prepared statements and portals. Other names may be made to look like statements.
_EXECUTED: Final = re.compile(r"(fetch from )?[\w<>$.-]{1,80}(?:/[\w<>$. -]{1,80})?: ")


@dataclass(slots=True, eq=False)
class _Entry:
    """A statement in the making."""

    sql: str
    shape: str
    kind: Literal["plan", "utility", "fetch"]
    measured: bool
    #: By which text its plan is known, when it comes.
    source: str = ""
    nested: bool = False
    constraint: bool = False
    executions: int = 1
    rows: int = 0
    blocks: int = 0
    plan: PlanFacts | None = None
    error: str | None = None
    fetches: list[_Entry] = field(default_factory=list)

    def take(self, plan: ParsedPlan) -> None:
        """The plan of this execution has come."""
        self.measured = True
        self.rows += plan.facts.rows
        self.blocks += plan.facts.blocks
        if plan.facts.heavier_than(self.plan):
            self.plan = plan.facts

    def settle(self) -> None:
        """A cursor whose plan has come: its fetches are measured, and share its rows evenly."""
        if not self.fetches or not self.measured:
            return
        share, rest = divmod(self.rows, len(self.fetches))
        for number, fetch in enumerate(self.fetches):
            fetch.measured = True
            fetch.rows = share + (number < rest)


@dataclass(slots=True)
class _Session:
    """What is open in one session: texts that wait for their plan, and cursors by name."""

    waiting: dict[str, deque[_Entry]] = field(default_factory=dict)
    cursors: dict[str, _Entry] = field(default_factory=dict)
    last: _Entry | None = None

    def wait(self, text: str, entry: _Entry) -> None:
        """A plan with this text belongs to this entry, when it comes."""
        entry.source = _key(text)
        self.waiting.setdefault(entry.source, deque()).append(entry)

    def next_waiting(self, text: str) -> _Entry | None:
        """The earliest entry of this text that has no plan yet, if it can have ended by now."""
        entries = self.waiting.get(_key(text))
        return entries.popleft() if entries and self._can_have_ended(entries[0]) else None

    def _can_have_ended(self, entry: _Entry) -> bool:
        """Whether this is the statement that runs, or none does.

        Functions that run a text which they are given (`ts_stat`) leave a plan that looks like a statement of its
        own. While another statement runs it must not stand in for the same text, sent before, that left none.
        """
        running = self.last
        if running is None or running.kind == "utility" or running.source == entry.source:
            return True
        if running.kind == "fetch":
            return any(fetch is running for fetch in entry.fetches)
        return running.measured or running.error is not None

    def fail(self, error: str) -> None:
        """The statement that runs ended in an error: it and what followed it in one string have no plan to come."""
        if self.last is None or self.last.error is not None:
            return
        self.last.error = error
        self.waiting.pop(self.last.source, None)
        ended_from_outside = error.startswith("57P")
        harmless = ended_from_outside or self.last.shape.partition(" ")[0].upper() in _HARMLESS
        if self.last.kind == "utility" and not harmless:
            self.last.measured = False

    def latest_waiting(self, text: str) -> _Entry | None:
        """The entry whose portal is being read on."""
        entries = self.waiting.get(_key(text))
        return entries[-1] if entries else None


class Assembler:
    """Collects one role's events; `reading` hands over what came since the last one."""

    def __init__(self, role: str, major: int) -> None:
        self._role = role
        self._major = major
        self._sessions: dict[str, _Session] = {}
        #: How much of the log was PostgreSQL's own foreign-key checks.
        self.constraint_bytes = 0
        self._start_anew()

    def _start_anew(self) -> None:
        self._entries: list[_Entry] = []
        self._overflow: dict[int, _Entry] = {}
        self._folded: dict[tuple[str, str, bool, bool, bool], _Entry] = {}
        self._accounts: dict[str, Account] = {}
        self._scans: dict[str, int] = {}
        self._touched: dict[str, int] = {}
        self._maintenance: list[str] = []
        self._largest = 0

    def feed(self, event: Event) -> None:
        """Take the next event of the role."""
        session = self._sessions.setdefault(event.session, _Session())
        if event.kind is EventKind.PLAN:
            self._plan(event, session)
        elif event.kind is EventKind.ERROR:
            session.fail(f"{event.state} {event.text[:300]}")
        elif event.kind is EventKind.FASTPATH:
            self._sent(session, event.text, [Part(Expected.HIDDEN, "fastpath call")])
        elif event.kind is EventKind.EXECUTE:
            self._executed(event, session)
        else:
            self._sent(session, event.text, parts_of(event.text), prepared=event.detail, cut=event.cut)

    def reading(self, *, settled: bool, log_bytes: int) -> Reading:
        """All since the last reading. A text that still waits for its plan then counts as unmeasured for good."""
        for entry in [*self._entries, *self._overflow.values(), *self._open_cursors()]:
            entry.settle()
        for entry in self._overflow.values():
            self._fold(entry)
        entries = [*self._entries, *self._folded.values()]
        reading = Reading(
            statements=tuple(self._statement(entry) for entry in entries),
            settled=settled,
            largest_bundle=self._largest,
            log_bytes=log_bytes,
            accounts=self._accounts,
            scans=self._scans,
            touched=self._touched,
            maintenance=tuple(self._maintenance),
        )
        self._sessions = {
            name: _Session(cursors=session.cursors) for name, session in self._sessions.items() if session.cursors
        }
        self._start_anew()
        return reading

    def _open_cursors(self) -> Iterator[_Entry]:
        for session in self._sessions.values():
            yield from session.cursors.values()

    def _executed(self, event: Event, session: _Session) -> None:
        """The extended protocol: the text follows the names of a prepared statement and a portal."""
        named = _EXECUTED.match(event.text)
        if named is None:
            self._sent(session, event.text, [Part(Expected.PLAN, text_shape(event.text))], cut=event.cut)
        elif named[1]:
            self._read_on(session, event.text[named.end() :])
        else:
            text = event.text[named.end() :]
            parts = parts_of(text)
            if len(parts) > 1:  # the protocol takes one statement: this is a name made to look like another
                parts = (Part(Expected.PLAN, text_shape(text)),)
            self._sent(session, text, parts, cut=event.cut)

    def _read_on(self, session: _Session, text: str) -> None:
        """More rows of a portal that was executed with a limit."""
        fetch = self._part(session, text, Part(Expected.FETCH, "FETCH"))
        portal = session.latest_waiting(text)
        if portal is not None:
            portal.fetches.append(fetch)

    def _sent(
        self, session: _Session, text: str, parts: Sequence[Part], *, prepared: str = "", cut: bool = False
    ) -> None:
        self._largest = max(self._largest, len(parts))
        for part in parts:
            entry = self._part(session, text, part)
            if part.expected is Expected.PLAN and not cut:
                source = prepared.removeprefix("prepare: ") if prepared else text
                session.wait(source, entry)
            if part.maintains and len(self._maintenance) < _MAINTENANCE:
                self._maintenance.append(text[:_SQL_LENGTH])

    def _part(self, session: _Session, text: str, part: Part) -> _Entry:
        entry = self._kept(
            _Entry(
                sql=text[:_SQL_LENGTH],
                shape=part.shape,
                kind=_KINDS[part.expected],
                measured=part.expected is Expected.NOTHING,
            )
        )
        if part.expected is Expected.FETCH and part.cursor in session.cursors:
            session.cursors[part.cursor].fetches.append(entry)
        elif part.cursor:
            session.cursors[part.cursor] = entry
        session.last = entry
        return entry

    def _plan(self, event: Event, session: _Session) -> None:
        plan = None if event.cut else parse_plan(event.text, self._major)
        if plan is None:
            self._kept(_Entry(sql="", shape="(a plan too long to read)", kind="plan", measured=False))
            return
        constraint = _is_constraint(plan.text, event.context)
        self.constraint_bytes += event.size if constraint else 0
        self._account(plan)
        waiting = None if event.context else session.next_waiting(plan.text)
        if waiting is not None:
            waiting.take(plan)
            self._fold_overflow(waiting)
            return
        entry = _Entry(
            sql=plan.text[:_SQL_LENGTH],
            shape=text_shape(plan.text),
            kind="plan",
            measured=False,
            nested=bool(event.context),
            constraint=constraint,
        )
        entry.take(plan)
        if entry.nested:
            self._fold(entry)
        else:
            self._kept(entry)
            self._fold_overflow(entry)

    def _account(self, plan: ParsedPlan) -> None:
        for read in plan.reads:
            for name, account in _accounts_of(read):
                self._accounts[name] = self._accounts.get(name, Account()) + account
            if read.relation:
                rows = max(read.tuples, read.entries)
                self._touched[read.relation] = self._touched.get(read.relation, 0) + rows
        for relation in set(plan.scanned):
            self._scans[relation] = self._scans.get(relation, 0) + 1

    def _kept(self, entry: _Entry) -> _Entry:
        if len(self._entries) < _KEPT:
            self._entries.append(entry)
        else:
            self._overflow[id(entry)] = entry
        return entry

    def _fold_overflow(self, entry: _Entry) -> None:
        """A sent statement beyond the kept ones is complete."""
        if not entry.fetches and self._overflow.pop(id(entry), None) is not None:
            self._fold(entry)

    def _fold(self, entry: _Entry) -> None:
        """Add to the entry of the same shape."""
        key = (entry.shape, entry.kind, entry.measured, entry.nested, entry.constraint)
        kept = self._folded.get(key)
        if kept is None:
            self._folded[key] = entry
            return
        kept.executions += entry.executions
        kept.rows += entry.rows
        kept.blocks += entry.blocks
        if entry.plan and entry.plan.heavier_than(kept.plan):
            kept.plan = entry.plan

    def _statement(self, entry: _Entry) -> Statement:
        return Statement(
            sql=entry.sql,
            shape=entry.shape,
            kind=entry.kind,
            executions=entry.executions,
            rows=entry.rows,
            blocks=entry.blocks,
            plan=entry.plan,
            measured=entry.measured,
            nested=entry.nested,
            constraint=entry.constraint,
            by=self._role,
            error=entry.error,
        )


_KINDS: Final[dict[Expected, Literal["plan", "utility", "fetch"]]] = {
    Expected.PLAN: "plan",
    Expected.NOTHING: "utility",
    Expected.HIDDEN: "utility",
    Expected.FETCH: "fetch",
}


def _key(text: str) -> str:
    """A text, or its digest where it is long: a flood of long texts must not fill our memory."""
    return text if len(text) < _SQL_LENGTH else hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _is_constraint(text: str, context: str) -> bool:
    frame = f'SQL statement "{text}"'
    if not context.startswith(frame) or context[len(frame) :].startswith("\nPL/pgSQL function"):
        return False
    return _CONSTRAINT.fullmatch(text) is not None


def _accounts_of(read: Reads) -> Iterator[tuple[str, Account]]:
    if read.relation:
        yield read.relation, Account(read=read.tuples, slack=read.slack)
    if read.index:
        yield read.index, Account(read=read.entries, slack=read.slack)
