"""Growth: how the statements of a page grow when what it shows grows.

A paginated N+1 costs the same at 40 and at 160 rows, an N+1 over children hides while only parents grow, and a warm
cache hides anything. So a task measures points on both sides of a page, one axis for each relation, and each point in
a fresh process on a fresh clone. What decides is the number of statement executions that PostgreSQL logged for the
guest's role; a statement that it could not measure, or a row that only its counters saw, makes a point untrusted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from pydantic import BaseModel, ConfigDict, TypeAdapter

from djudge.engine.errors import CandidateFault
from djudge.engine.run import Run, Visit
from djudge.engine.values import Json

#: Growth up to this share of the added objects is a batch, not a loop.
BATCH_SHARE = 0.05


class Sample(Protocol):
    """Where to measure: on which axis, at which size, and how many rows belong to the page there."""

    @property
    def axis(self) -> str: ...
    @property
    def n(self) -> int: ...
    @property
    def target(self) -> str: ...
    @property
    def objects(self) -> int: ...


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
    """One size on one axis, as measured: `executions` of the page, `before` of everything until the guest was ready."""

    n: int
    objects: int
    status: int
    executions: int
    rows: int
    blocks: int
    unmeasured: int
    before_executions: int
    before_rows: int
    gap: int
    largest: int
    nested: int
    watched_scans: int

    @property
    def trusted(self) -> bool:
        """Whether everything that the guest did was measured."""
        return self.unmeasured == 0 and self.gap == 0


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
    def trusted(self) -> bool:
        """Whether every point is."""
        return all(point.trusted for point in self.points)

    @property
    def growing(self) -> tuple[Axis, ...]:
        """The axes that are not flat."""
        return tuple(axis for axis in self.axes if not axis.flat)

    @property
    def most(self) -> int:
        """Executions at the most expensive point."""
        return max(point.executions for point in self.points)


def observe(run: Run, samples: Sequence[Sample], *, watched: str) -> Json:
    """Measure every sample in a process and on a clone of its own; an observation of kind `growth`.

    `watched` is the table that every sample's page must read: a page that names its rows without a scan of it has them
    from elsewhere. Costs a guest (about 0.1 s) a sample. A sample that stands on two axes is measured once. Raises
    CandidateFault when the page can't be had.
    """
    measured: dict[str, tuple[dict[str, Json], list[Json]]] = {}
    for number, sample in enumerate(samples, 1):
        run.progress(number, len(samples), f"{sample.axis}: {sample.n}")
        if sample.target not in measured:
            measured[sample.target] = _measure(run, sample, watched)
    costliest = max(measured, key=lambda target: int(str(measured[target][0]["executions"])))
    return {
        "kind": "growth",
        "target": costliest,
        "axes": [_axis(name, samples, measured) for name in dict.fromkeys(sample.axis for sample in samples)],
        "groups": measured[costliest][1],
    }


def _axis(
    name: str, samples: Iterable[Sample], measured: Mapping[str, tuple[dict[str, Json], list[Json]]]
) -> dict[str, Json]:
    points = sorted((sample for sample in samples if sample.axis == name), key=lambda sample: sample.n)
    return {
        "axis": name,
        "points": [{**measured[point.target][0], "n": point.n, "objects": point.objects} for point in points],
    }


def _measure(run: Run, sample: Sample, watched: str) -> tuple[dict[str, Json], list[Json]]:
    with run.guest() as guest:
        before = guest.startup
        visit = guest.get(sample.target)
        _require_page(sample, visit)
        ending = guest.finish()
    point: dict[str, Json] = {
        "status": visit.answer.status,
        "executions": visit.reading.executions,
        "rows": visit.reading.rows,
        "blocks": visit.reading.blocks,
        "unmeasured": before.unmeasured + visit.reading.unmeasured + ending.after.unmeasured,
        "before_executions": before.executions,
        "before_rows": before.rows,
        "gap": ending.gap,
        "largest": visit.reading.largest_bundle,
        "nested": _nested(visit),
        "watched_scans": visit.reading.scans_of(watched),
    }
    return point, [*statement_groups(visit)]


def _nested(visit: Visit) -> int:
    """Executions inside others: of functions and triggers, PostgreSQL's own foreign-key checks left out."""
    return sum(one.executions for one in visit.reading.statements if one.nested and not one.constraint)


def _require_page(sample: Sample, visit: Visit) -> None:
    if visit.answer.status != 200 or visit.answer.truncated:
        said = "an answer that broke off" if visit.answer.truncated else f"status {visit.answer.status}"
        raise CandidateFault(
            f"The page could not be measured: {sample.target} gave {said}.",
            "The page has to work before it can be quick; the visible tests show how it should answer.",
            phase="observing",
            kind="bad_answer",
            detail=visit.answer.body[:4000].decode("utf-8", "replace"),
        )


def statement_groups(visit: Visit, most: int = 40) -> list[Json]:
    """The statements of a visit by shape, the most frequent first, for the report."""
    groups: list[Json] = [
        {"shape": group.shape, "count": group.count, "rows": group.rows, "blocks": group.blocks, "plan": group.plan}
        for group in visit.reading.groups()
    ]
    return groups[:most]
