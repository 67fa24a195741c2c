"""The way of a stored report: read it, judge it again, say what is different, and put the new one in its place."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from djudge.engine.errors import DjudgeError, InfrastructureError, OperatorFault
from djudge.engine.packs.loading import Library
from djudge.engine.packs.model import Task
from djudge.engine.reports.reading import read_report
from djudge.engine.rescoring.changes import Changes, changes_between
from djudge.engine.rescoring.files import Held, read_file, replace_file
from djudge.engine.rescoring.judging import judge_again, task_of
from djudge.engine.values import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """What came of one file: `changes`, or the `refusal` that says why there are none, or neither (another task's).

    `before` and `after` name the bytes of both documents. `kept` is where the former one lies once it was replaced.
    """

    file: Path
    task: str = ""
    before: str = ""
    after: str = ""
    changes: Changes | None = None
    refusal: DjudgeError | None = None
    kept: Path | None = None

    @property
    def differs(self) -> bool:
        """Whether judging again comes to something else."""
        return self.changes is not None and self.changes.any

    @property
    def state(self) -> str:
        """One word for machines: `written`, `changes`, `same`, `refused`, `other_task`."""
        if self.refusal:
            return "refused"
        if self.changes is None:
            return "other_task"
        if self.kept:
            return "written"
        return "changes" if self.changes.any else "same"

    def to_json(self) -> Json:
        """For machines."""
        refusal = self.refusal
        return {
            "file": str(self.file),
            "state": self.state,
            "task": self.task,
            "before_sha256": self.before,
            "after_sha256": self.after,
            "changes": self.changes.to_json() if self.changes else None,
            "refused": {"whose": refusal.fault, "what": refusal.what, "cure": refusal.cure} if refusal else None,
            "kept": str(self.kept) if self.kept else None,
        }


def preview(file: Path, library: Library, only: Task | None = None) -> Rescored:
    """What judging a stored report again would change; writes nothing. With `only`, other tasks' are passed over."""
    return _rescore(file, library, only)[0]


def apply(previewed: Rescored, library: Library) -> Rescored:
    """Replace a report that differs, where it is still what the preview read and comes to what the preview showed."""
    if not previewed.differs:
        return previewed
    again, held, text = _rescore(previewed.file, library, None)
    if again.refusal or held is None:
        return again
    try:
        _require_same(previewed, again)
        return replace(again, kept=replace_file(held, text))
    except DjudgeError as refusal:
        return replace(again, refusal=refusal)


def exit_status(outcomes: Sequence[Rescored]) -> int:
    """0: nothing is left to change; 1: a preview found changes; 2: a report was refused that should not be; 3: ours.

    A submission that stopped leaves nothing to judge, which is as it should be.
    """
    worst = max((each.refusal.exit_code for each in outcomes if each.refusal), default=0)
    return worst or int(any(each.state == "changes" for each in outcomes))


def _rescore(file: Path, library: Library, only: Task | None) -> tuple[Rescored, Held | None, str]:
    came = Rescored(file=file)
    try:
        held = read_file(file)
        stored = read_report(held.content)
        came = replace(came, task=stored.task.id, before=held.sha256)
        task = only or task_of(stored, library)
        if (task.id, task.pack.name) != (stored.task.id, stored.task.pack):
            return came, held, ""
        rebuilt = judge_again(stored, task)
    except DjudgeError as refusal:
        return replace(came, refusal=refusal), None, ""
    text, changes = rebuilt.to_json(), changes_between(stored, rebuilt)
    after = hashlib.sha256(text.encode("utf-8")).hexdigest() if changes.any else held.sha256
    return replace(came, changes=changes, after=after), held, text


def _require_same(previewed: Rescored, again: Rescored) -> None:
    if again.before != previewed.before:
        raise OperatorFault(f"{again.file} was changed since it was read.", "Look at the preview once more.")
    if again.after != previewed.after:
        raise InfrastructureError(
            f"{again.file} came out differently when it was judged a second time.",
            "Leave the task alone while reports are judged by it; if nobody touched it, its judge is not pure.",
            kind="judged_differently",
        )
