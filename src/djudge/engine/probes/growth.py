"""Growth: how the statements of a page grow when what it shows grows.

A paginated N+1 costs the same at 40 and at 160 rows, an N+1 over children hides while only parents grow, and a warm
cache hides anything. So a task measures points on both sides of a page, one axis for each relation, and each point in
a fresh process on a fresh clone. What decides is the number of statement executions that PostgreSQL logged for the
guest's role. A point also tells what could not be measured, and which tables were not read for it; what the page said
comes home beside it, so that a cheap page can be held against the right one. A task may change what a page shows when
the process is up and has not been asked: then nothing that it read while it started, by whatever way, is of use.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from pydantic import BaseModel, ConfigDict, TypeAdapter

from djudge.engine.errors import CandidateFault
from djudge.engine.postgres.connections import Connection
from djudge.engine.postgres.witness.reading import Reading
from djudge.engine.probes.contract import PageReader
from djudge.engine.probes.patience import arranging
from djudge.engine.run import Run, RunningGuest, Visit
from djudge.engine.values import Json

#: Growth up to this share of the added objects is a batch, not a loop.
BATCH_SHARE: Final = 0.05

#: For all samples together. A guest that uses each of its limits to the full must not use up the judge's own time.
TOGETHER_SECONDS: Final = 300.0

#: An observation has 1 MB for everything; a statement can be made to take 20 kB of it.
_GROUPS_BYTES: Final = 300_000

#: What a driver and Django send beside queries. Anything else without a plan, sent while a page is made, defines or
#: runs something in the database, and what that does can't be measured.
_ORDINARY: Final = frozenset(
    {
        "BEGIN",
        "START",
        "COMMIT",
        "ROLLBACK",
        "SAVEPOINT",
        "RELEASE",
        "SET",
        "SHOW",
        "RESET",
        "FETCH",
        "CLOSE",
        "DECLARE",
    }
)


class Sample(Protocol):
    """Where to measure: on which axis, at which size, how many rows belong to the page there.

    `needs` says for each table how many of its rows nobody can do without who makes the page anew.
    """

    @property
    def axis(self) -> str: ...
    @property
    def n(self) -> int: ...
    @property
    def target(self) -> str: ...
    @property
    def objects(self) -> int: ...
    @property
    def needs(self) -> Mapping[str, int]: ...


@dataclass(frozen=True, slots=True)
class Measured:
    """The two kinds of evidence of a growth: what was seen, and what the pages answered meanwhile."""

    seen: Json
    answered: Json


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Group(_Stored):
    """Statements of one shape: how often executed, how many rows came back, the facts of the costliest plan."""

    shape: str
    count: int
    rows: int
    blocks: int = 0
    plan: object = None


class Point(_Stored):
    """One size on one axis, as measured.

    `executions` and `rows` (sent to the guest) are of the page; `read` are the rows that its plans went through.
    `early` are rows of the page's tables that were read before it was asked for. `unmeasured` counts what left no
    plan, `functions` those made or called in the database, `missing` names tables of which too little was read.
    """

    n: int
    objects: int
    status: int
    executions: int
    rows: int
    blocks: int
    read: int
    early: int
    unmeasured: int
    gap: int
    bundle: int
    functions: int
    missing: tuple[str, ...]


class Axis(_Stored):
    """Points that differ in one thing only, smallest first."""

    axis: str
    points: tuple[Point, ...]

    @property
    def added(self) -> int:
        """Executions that the largest point needs beyond the smallest."""
        return self.points[-1].executions - self.points[0].executions

    @property
    def flat(self) -> bool:
        """Whether the added executions are no more than batching explains."""
        objects = self.points[-1].objects - self.points[0].objects
        return self.added <= max(1, int(objects * BATCH_SHARE))


class GrowthReading(_Stored):
    """A growth observation, parsed."""

    target: str
    axes: tuple[Axis, ...]
    groups: tuple[Group, ...]

    @classmethod
    def parse(cls, observation: Json) -> GrowthReading:
        """From the stored form; raises ValueError when it is not one (the task author's fault)."""
        return TypeAdapter(cls).validate_python(observation)

    @property
    def points(self) -> tuple[Point, ...]:
        """All points, axis by axis."""
        return tuple(point for axis in self.axes for point in axis.points)

    @property
    def growing(self) -> tuple[Axis, ...]:
        """The axes that are not flat."""
        return tuple(axis for axis in self.axes if not axis.flat)

    @property
    def most(self) -> int:
        """Executions at the most expensive point."""
        return max(point.executions for point in self.points)


def observe[S: Sample](
    run: Run,
    samples: Sequence[S],
    reader: PageReader,
    change: Callable[[Connection, S], None] | None = None,
    *,
    seconds: float = TOGETHER_SECONDS,
) -> Measured:
    """Measure every sample in a process and on a clone of its own: an observation of kind `growth`, and one of kind
    `exchange` with what the measured pages said.

    `change` alters what the sample's page shows between the guest's start and the request (20 ms): all facts of it,
    in a way that nobody can foretell who does not know the seed, and never how many rows there are. Costs a guest
    (about 0.1 s) a sample; a sample that stands on two axes is measured once. Raises CandidateFault when a page can't
    be had, or all together take longer than `seconds`.
    """
    measured: dict[str, _One] = {}
    end = time.monotonic() + seconds
    for number, sample in enumerate(samples, 1):
        run.progress(number, len(samples), f"{sample.axis}: {sample.n}")
        if sample.target not in measured:
            _require_time(end, seconds)
            measured[sample.target] = _measure(run, sample, reader, change)
    costliest = max(measured.values(), key=lambda one: one.executions)
    seen: Json = {
        "kind": "growth",
        "target": costliest.target,
        "axes": [_axis(name, samples, measured) for name in dict.fromkeys(sample.axis for sample in samples)],
        "groups": costliest.groups,
    }
    return Measured(seen, {"kind": "exchange", "exchanges": [one.exchange for one in measured.values()]})


@dataclass(frozen=True, slots=True)
class _One:
    """A sample as measured."""

    target: str
    executions: int
    point: dict[str, Json]
    groups: list[Json]
    exchange: dict[str, Json]


def _axis(name: str, samples: Iterable[Sample], measured: Mapping[str, _One]) -> dict[str, Json]:
    points = sorted((sample for sample in samples if sample.axis == name), key=lambda sample: sample.n)
    return {
        "axis": name,
        "points": [{**measured[point.target].point, "n": point.n, "objects": point.objects} for point in points],
    }


def _measure[S: Sample](
    run: Run, sample: S, reader: PageReader, change: Callable[[Connection, S], None] | None
) -> _One:
    with run.guest() as guest:
        before = guest.startup
        if change is not None:
            with arranging(guest) as connection:
                change(connection, sample)
        visit = guest.get(sample.target)
        _require_page(run, guest, sample, visit)
        ending = guest.finish()
    reading = visit.reading
    point: dict[str, Json] = {
        "status": visit.answer.status,
        "executions": reading.executions,
        "rows": reading.rows,
        "blocks": reading.blocks,
        "read": sum(reading.touched.values()),
        "early": sum(before.touched.get(table, 0) for table in sample.needs),
        "unmeasured": before.unmeasured + _unmeasured(reading) + _unmeasured(ending.after),
        "gap": ending.audit.gap,
        "bundle": max(reading.largest_bundle, _nested(reading)),
        "functions": ending.functions + ending.audit.calls,
        "missing": [table for table, rows in sample.needs.items() if reading.touched.get(table, 0) < rows],
    }
    exchange = {"target": sample.target, **reader.read(visit.answer)}
    return _One(sample.target, reading.executions, point, statement_groups(visit), exchange)


def _require_time(end: float, seconds: float) -> None:
    if time.monotonic() > end:
        raise CandidateFault(
            f"To start and to measure the page at all its sizes took longer than {seconds:g} s.",
            "Look for waits while the process starts, and for sessions that stay busy after an answer.",
            phase="observing",
            kind="time_limit",
        )


def _unmeasured(reading: Reading) -> int:
    """Executions whose cost is unknown, and those that define or run something in the database."""
    utilities = (one for one in reading.statements if one.kind == "utility" and one.measured)
    foreign = sum(one.executions for one in utilities if one.shape.partition(" ")[0].upper() not in _ORDINARY)
    return reading.unmeasured + foreign + (not reading.settled)


def _nested(reading: Reading) -> int:
    """Executions inside others: of functions and triggers, PostgreSQL's own foreign-key checks left out."""
    return sum(one.executions for one in reading.statements if one.nested and not one.constraint)


def _require_page(run: Run, guest: RunningGuest, sample: Sample, visit: Visit) -> None:
    answer = visit.answer
    if answer.truncated and len(answer.body) >= run.task.limits.response_mb * 1024 * 1024:
        raise CandidateFault(
            f"The page could not be measured: {sample.target} gave more than {run.task.limits.response_mb} MB.",
            "Show no more than one page of what there is.",
            phase="observing",
            kind="response_limit",
        )
    if answer.status != 200 or answer.truncated:
        said = "an answer that broke off" if answer.truncated else f"status {answer.status}"
        raise CandidateFault(
            f"The page could not be measured: {sample.target} gave {said}.",
            "The page has to work before it can be quick; the visible tests show how it should answer.",
            phase="observing",
            kind="bad_answer",
            detail=guest.last_words() or answer.body[:4000].decode("utf-8", "replace"),
        )


def statement_groups(visit: Visit, most: int = 40) -> list[Json]:
    """The statements of a visit by shape, the most frequent first, for the report."""
    groups: list[Json] = [
        {"shape": group.shape, "count": group.count, "rows": group.rows, "blocks": group.blocks, "plan": group.plan}
        for group in visit.reading.groups()[:most]
    ]
    while len(json.dumps(groups)) > _GROUPS_BYTES:
        groups.pop()
    return groups
