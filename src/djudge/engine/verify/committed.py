"""What was proved, committed beside the tasks: so that a changed task is noticed, and one report stays one report.

The file lies in the pack's folder of tasks. Beside it, it would be part of the pack's digest, and a proof would change
what it proves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from djudge.engine.environment import environment_of
from djudge.engine.errors import OperatorFault, TaskFault
from djudge.engine.packs.model import Pack, Task
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.tree import pack_digest, task_digest
from djudge.engine.postgres.binaries import find_binaries
from djudge.engine.verify.hunting import Fate
from djudge.engine.verify.proof import SEEDS, Proof
from djudge.engine.verify.trial import Trial

PROOFS_FILE: Final = "proofs.json"


class _Facts(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProvedMutants(_Facts):
    """How many mutants of the expert were killed; the others are equivalent, with a witness."""

    killed: int
    equivalent: int


class ProvedSeed(_Facts):
    """The canonical SHA-256 of each solution's report under one seed, the start's and the junk's among them."""

    seed: str
    canonical_sha256: dict[str, str]


class Proved(_Facts):
    """A task as it was proved: the digests of its text and its pack's, and the reports by environment digest."""

    task: str
    pack: str
    runs: int
    redraws: int
    mutants: ProvedMutants
    environments: dict[str, ProvedSeed]


class ProofsFile(_Facts):
    """`proofs.json`: the proved tasks of a pack by slug."""

    format: Literal[1] = 1
    tasks: dict[str, Proved] = {}


def proofs_of(pack: Pack) -> ProofsFile:
    """What is committed; empty where nothing is. Raises TaskFault for a file that is none of ours."""
    file = _file(pack)
    if not file.exists():
        return ProofsFile()
    try:
        return ProofsFile.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise TaskFault("These are no proofs.", "Run `make prove`, which writes them.", path=file) from error


def changed_since_proved(task: Task) -> str:
    """Why the committed proof says nothing of the task as it is now; empty where it does."""
    proved = proofs_of(task.pack).tasks.get(task.slug)
    if proved is None:
        return "was never proved"
    if proved.task != task_digest(task):
        return "has changed since it was proved"
    return "" if proved.pack == pack_digest(task.pack) else "belongs to a pack that has changed since it was proved"


def due(tasks: Iterable[Task], today: date) -> dict[str, str]:
    """The tasks that `make test` verifies, by name, each with the reason: what has changed, and one a pack in turn.

    Whose turn it is follows from the ISO week, so that a red test is red for the whole team, and again tomorrow.
    """
    reasons = {}
    of_pack: dict[str, list[Task]] = {}
    for task in tasks:
        of_pack.setdefault(task.pack.name, []).append(task)
        if changed := changed_since_proved(task):
            reasons[task.name] = changed
    year, week, _ = today.isocalendar()
    for rest in of_pack.values():
        turn = sorted(rest, key=lambda task: task.slug)[(year * 53 + week) % len(rest)]
        reasons.setdefault(turn.name, f"has its turn in week {week}")
    return reasons


def deviations(proof: Proof) -> Iterator[str]:
    """Solutions whose report is not the committed one, although the task and the environment are those of the proof."""
    task = proof.task
    proved = proofs_of(task.pack).tasks.get(task.slug)
    if proved is None or changed_since_proved(task):
        return
    for seed in SEEDS:
        kept = proved.environments.get(_environment(task, seed))
        for trial in _under(proof, seed) if kept else ():
            if kept and kept.canonical_sha256.get(trial.solution) != trial.sha256:
                yield f"{trial.solution} under seed {kept.seed}: not the report that was proved"


def record(proofs: Sequence[Proof], runs: int) -> tuple[Path, ...]:
    """Write the proofs that hold into the files of their packs, other tasks' entries as they are; returns the files.

    Raises OperatorFault for a proof without mutants or redrawn statistics: half a proof is not committed.
    """
    if not all(proof.hunt and proof.redraws for proof in proofs):
        raise OperatorFault("Only a whole proof is recorded.", "Add `--mutants --redraw 5`.")
    files = []
    for proof in (proof for proof in proofs if proof.holds):
        pack = proof.task.pack
        known = proofs_of(pack).tasks | {proof.task.slug: _proved(proof, runs)}
        _write(_file(pack), ProofsFile(tasks=dict(sorted(known.items()))).model_dump_json(indent=2) + "\n")
        files.append(_file(pack))
    return tuple(dict.fromkeys(files))


def _proved(proof: Proof, runs: int) -> Proved:
    task, found = proof.task, proof.hunt
    assert found is not None
    environments = {}
    for seed in SEEDS:
        reports = {trial.solution: trial.sha256 for trial in _under(proof, seed)}
        environments[_environment(task, seed)] = ProvedSeed(seed=_name(seed), canonical_sha256=reports)
    return Proved(
        task=task_digest(task),
        pack=pack_digest(task.pack),
        runs=runs,
        redraws=proof.redraws,
        mutants=ProvedMutants(killed=found.number(Fate.KILLED), equivalent=found.number(Fate.EQUIVALENT)),
        environments=environments,
    )


def _environment(task: Task, seed: str | None) -> str:
    return environment_of(task.pack, local_seed(task, seed), find_binaries()).digest


def _under(proof: Proof, seed: str | None) -> list[Trial]:
    """The trials under a seed; they tell its first digits."""
    drawn = local_seed(proof.task, seed)
    return [trial for trial in proof.trials if drawn.hex.startswith(trial.seed)]


def _name(seed: str | None) -> str:
    return seed or "local"


def _file(pack: Pack) -> Path:
    return pack.tasks_folder / PROOFS_FILE


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OperatorFault(f"{file} can't be written ({error.strerror}).", "Make the folder writable.") from error
