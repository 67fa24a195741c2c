"""Runs a task's `arrange`, `observe` and `judge`, each in a child with a deadline.

`arrange` and `observe` work with what the judge's own process has opened (database connections, guests): the
child uses it alone until it ends. `judge` is pure, and its child can neither write, connect nor start
anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final, Protocol, cast

from djudge.engine.errors import TaskFault
from djudge.engine.packs.carrying import judgement_from_json, judgement_to_json
from djudge.engine.packs.model import Task
from djudge.engine.packs.running_trusted import call_with_deadline
from djudge.engine.packs.seeds import Seed
from djudge.engine.packs.task_code import load_functions, load_judge
from djudge.engine.packs.trusted_child import report_progress
from djudge.engine.values import Budget, Json, Judgement, Observations

ARRANGE_SECONDS: Final = 300.0
OBSERVE_SECONDS: Final = 600.0
JUDGE_SECONDS: Final = 20.0
OBSERVATION_BYTES: Final = 1_000_000

#: A task's judgement holds a few sentences a check; its evidence stays in the observations.
_JUDGEMENT_BYTES: Final = 500_000


class Told(Protocol):
    """What `observe` is given: anything, as long as its progress goes through `tell(phase, what)`."""

    tell: Callable[[str, str], None]


class Committing(Protocol):
    """A database connection, as far as arranging needs to know it."""

    def commit(self) -> None:
        """Keep what was done."""


def arrange_data(task: Task, connection: Committing, seed: Seed, *, seconds: float = ARRANGE_SECONDS) -> None:
    """Fills a template by the task's `arrange(connection, random)`; a task without one keeps the system's own
    data.

    The child commits. The caller does nothing with the connection afterwards but close it.
    """
    call_with_deadline(_arrange, task, connection, seed, seconds=seconds, author=task.pack.folder)


def observe_in_child(task: Task, run: Told, *, seconds: float = OBSERVE_SECONDS) -> Observations:
    """What the task's `observe(run)` brings home. What it says of its progress goes on to `run.tell`.

    Raises the candidate's fault, the author's, or ours, as `observe` ran into it. Changes that `observe`
    makes to objects stay in the child: only the observations come back.
    """
    observed = call_with_deadline(
        _observe,
        task,
        run,
        seconds=seconds,
        max_bytes=OBSERVATION_BYTES,
        on_progress=run.tell,
        author=task.pack.folder,
    )
    return observations_from_json(observed)


def judge_in_child(
    task: Task, observations: Observations, budget: Budget, *, seconds: float = JUDGE_SECONDS
) -> Judgement:
    """What the task's `judge` makes of observations: needs no slot, so stored runs can be judged again."""
    judged = call_with_deadline(
        _judge,
        task,
        observations,
        budget,
        seconds=seconds,
        max_bytes=_JUDGEMENT_BYTES,
        author=task.pack.folder,
        pure=True,
    )
    return judgement_from_json(judged)


def observations_from_json(content: Json) -> Observations:
    """Observations from their stored form."""
    return Observations(**cast(dict[str, dict[str, Json]], content))


def _arrange(task: Task, connection: Committing, seed: Seed) -> Json:
    arrange = load_functions(task).arrange
    if arrange:
        arrange(connection, seed.random("arrange"))
    connection.commit()
    return None


def _observe(task: Task, run: Told) -> Json:
    run.tell = report_progress
    observed = load_functions(task).observe(run)
    if not isinstance(observed, Observations):
        raise TaskFault(
            f"`observe` returned {type(observed).__name__}.",
            "Return Observations.",
            path=task.folder / "observe.py",
        )
    return observed.to_json()


def _judge(task: Task, observations: Observations, budget: Budget) -> Json:
    # Copied through JSON, so that a live run is judged on exactly what a stored one would be.
    stored = {name: json.loads(json.dumps(each.to_json())) for name, each in budget.items()}
    given = observations_from_json(json.loads(json.dumps(observations.to_json())))
    judge = load_judge(task)
    return judgement_to_json(judge(given, {name: observations_from_json(each) for name, each in stored.items()}))
