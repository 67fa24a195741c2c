"""`make bench`: what a check costs here, against the same check as a Django test run, in the same breath; then what the
web platform costs. `python -m bench engine` or `python -m bench web` measures one of them.

Ratios of alternated runs, with the machine's size beside them. Nothing here is asserted: a figure is read, not passed.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from bench.guests import (
    expert_run,
    guests_per_second,
    idle_memory,
    one_guest,
    overhead,
    plain_shelf,
    quiet,
    witness_cost,
)
from bench.peers import Peer
from bench.results import Figures, keep, machine, write
from bench.web import figures
from bench.web.results import web_lines
from djudge.engine.cli.library import named_task
from djudge.engine.grade import grade
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import submission_of_solution
from djudge.engine.slot import Slot

ROUNDS: Final = 9

#: After each subject, so that what it left to be done (clones and jails for later) is not charged to the next one.
_SETTLING_SECONDS: Final = 0.4


def main(parts: Sequence[str]) -> None:
    """Measure, print, and write `bench/RESULTS.md` and `bench/results.json`."""
    every = {"engine": engine, "web": web}
    for part in parts or every:
        if part not in every:
            sys.exit("bench: python -m bench [engine|web]")
        every[part]()


def web() -> None:
    """The platform: about ten minutes."""
    found = figures.measured()
    keep("web", {"machine": machine(), **found}, web_lines(found))


def engine() -> None:
    """The judge: some minutes."""
    task = named_task("SH4")
    target = plain_shelf(task)
    submission = submission_of_solution(task, "expert")
    with Slot(task.pack) as slot, Slot(task.pack, pooled=False) as plain, tempfile.TemporaryDirectory() as folder:
        run, unpooled = expert_run(slot, task), expert_run(plain, task)
        grade(slot, task, submission, local_seed(task), quiet)
        cold, kept, whole = (
            Peer(task, slot.cluster, Path(folder), name, tests)
            for name, tests in (
                ("cold", "test_product_list"),
                ("kept", "test_product_list"),
                ("whole", "test_whole_grading"),
            )
        )
        milliseconds = measure(
            {
                "guest": lambda: one_guest(run, target),
                "guest_without_pools": lambda: one_guest(unpooled, target),
                "cold": lambda: cold.run(keep=False),
                "keepdb": lambda: kept.run(keep=True),
                "grading": lambda: grade(slot, task, submission, local_seed(task), quiet),
                "grading_as_tests": lambda: whole.run(keep=False),
            }
        )
        executed, read = witness_cost(run)
        ready, answered = idle_memory(slot, run, target)
        found = Figures(
            rounds=ROUNDS,
            milliseconds=milliseconds,
            overhead_ms_per_guest=overhead(run, target, ROUNDS),
            idle_guest_pss_mb=ready,
            answered_guest_pss_mb=answered,
            witness_ms_per_statement=executed,
            witness_reading_ms_per_statement=read,
            guests_per_second=guests_per_second(),
        )
    write(found)


def measure(subjects: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Median milliseconds of each, all run in turn so that a busy moment hits them alike; one round is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in subjects}
    for number in range(ROUNDS + 1):
        for name, subject in subjects.items():
            began = time.perf_counter()
            subject()
            if number:
                taken[name].append((time.perf_counter() - began) * 1000)
            time.sleep(_SETTLING_SECONDS)
    return {name: round(statistics.median(times), 1) for name, times in taken.items()}


if __name__ == "__main__":
    main(sys.argv[1:])
