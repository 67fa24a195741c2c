"""`make bench`: what a check costs here, against the same check as a Django test run, in the same breath.

Ratios of alternated runs, with the machine's size beside them. Nothing here is asserted: a figure is read, not passed.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from djudge.engine.cli.library import named_task
from djudge.engine.grade import grade
from djudge.engine.packs.environments import environment_for
from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import submission_of_solution
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.run import Run
from djudge.engine.slot import Slot

HERE = Path(__file__).parent
ROUNDS = 7


def main() -> None:
    """Measure, print, and write `bench/RESULTS.md` and `bench/results.json`."""
    task = named_task("SH4")
    seed = local_seed(task)
    submission = submission_of_solution(task, "expert")
    with Slot(task.pack) as slot, tempfile.TemporaryDirectory() as folder:
        slot.open(task, seed, _say)
        grade(slot, task, submission, seed, _say)
        run = slot.run(task, submission, seed, _say)
        cold, kept = (Peer(task, slot.cluster, Path(folder), name) for name in ("cold", "kept"))
        figures = measure(
            {
                "guest": lambda: one_guest(run),
                "cold": lambda: cold.run(keep=False),
                "keepdb": lambda: kept.run(keep=True),
                "grading": lambda: grade(slot, task, submission, seed, _say),
            }
        )
    write(figures)


def one_guest(run: Run) -> None:
    """One point of the check: clone, guest, request, witness, counters, drop."""
    with run.guest() as guest:
        answer = guest.get("/products/").answer
        guest.finish()
    if answer.status != 200:
        sys.exit(f"bench: the guest answered {answer.status}")


class Peer:
    """`manage.py test` with one test, on the same PostgreSQL; each peer has a role and a test database of its own."""

    def __init__(self, task: Task, cluster: Cluster, folder: Path, name: str) -> None:
        self._project = folder / name
        shutil.copytree(task.pack.system, self._project, ignore=shutil.ignore_patterns("var", "__pycache__"))
        (self._project / "bench_peer").mkdir()
        (self._project / "bench_peer" / "__init__.py").touch()
        shutil.copy(HERE / "peer" / "test_product_list.py", self._project / "bench_peer")
        password = secrets.token_hex(16)
        # Access to a database goes by membership in the role of its name; Django connects to all three.
        for statement in (
            f"CREATE ROLE {name} LOGIN CREATEDB PASSWORD '{password}'",
            f"CREATE ROLE test_{name} NOLOGIN",
            f"GRANT postgres, test_{name} TO {name}",
            f"CREATE DATABASE {name} OWNER {name}",
        ):
            cluster.admin.execute(statement.encode())
        self._environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(environment_for(task.pack)),
            "DATABASE_URL": f"postgres://{name}:{password}@/{name}?host={cluster.socket_folder}",
        }

    def run(self, *, keep: bool) -> None:
        """The whole command, as a developer types it."""
        command = [sys.executable, "manage.py", "test", "--noinput", *(["--keepdb"] if keep else []), "bench_peer"]
        done = subprocess.run(command, cwd=self._project, env=self._environ, capture_output=True, text=True)
        if done.returncode or "Ran 1 test" not in done.stderr:
            sys.exit(f"bench: the peer failed.\n{done.stderr}")


def measure(subjects: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Median milliseconds of each, all run in turn so that a busy moment hits them alike; one round is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in subjects}
    for number in range(ROUNDS + 1):
        for name, subject in subjects.items():
            began = time.perf_counter()
            subject()
            if number:
                taken[name].append((time.perf_counter() - began) * 1000)
    return {name: round(statistics.median(times), 1) for name, times in taken.items()}


def write(figures: Mapping[str, float]) -> None:
    """The results as a table for people and as JSON for machines."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    results = {
        "machine": f"{os.cpu_count()} cores, {memory} GiB",
        "rounds": ROUNDS,
        "milliseconds": dict(figures),
        "guest_over_cold": round(figures["guest"] / figures["cold"], 3),
        "guest_over_keepdb": round(figures["guest"] / figures["keepdb"], 3),
    }
    (HERE / "results.json").write_text(json.dumps(results, indent=2) + "\n")
    lines = [
        "# Figures",
        "",
        f"Written by `make bench` on {results['machine']}; medians of {ROUNDS} alternated rounds.",
        "",
        "| what | ms |",
        "|---|---|",
        f"| one guest: clone, jail, start, migrate, request, witness, drop | {figures['guest']} |",
        f"| the same check as one test, `manage.py test` | {figures['cold']} |",
        f"| the same with `--keepdb` | {figures['keepdb']} |",
        f"| the whole grading of SH4 (8 guests) | {figures['grading']} |",
        "",
        f"A guest takes {results['guest_over_cold']} of the cold test run, {results['guest_over_keepdb']} of the one "
        "that keeps its database.",
    ]
    (HERE / "RESULTS.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


def _say(phase: str, what: str) -> None:
    """Nothing is told: drawing would be measured too."""


if __name__ == "__main__":
    main()
