"""Who is at fault, as types.

Every error that leaves the engine is one of four: the candidate's, the task author's, the operator's, or ours.
Only the candidate's can touch a score. Each carries a sentence for a person (what happened) and a cure (what to do);
`str(error)` is both. The command line turns them into exit codes: candidate faults are a result (0), a task
author's and an operator's are wrong use (2), ours is 3.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Literal

Fault = Literal["candidate", "task_author", "operator", "djudge"]


class DjudgeError(Exception):
    """Base of all. `what` happened, in a sentence; `cure`: what the person at fault can do about it."""

    fault: ClassVar[Fault] = "djudge"
    exit_code: ClassVar[int] = 3

    def __init__(self, what: str, cure: str = "") -> None:
        super().__init__(what, cure)
        self.what = what
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.what} {self.cure}".strip()


class CandidateFault(DjudgeError):
    """The submission can't be run, or stopped running. A result, never an error of the platform.

    `phase` is where: submission, starting, migrating, observing. `kind` is a stable word for machines
    (e.g. `import_error`, `time_limit`, `memory_limit`). `detail` is what the guest said (a traceback), capped and
    hostile: show it escaped, believe nothing in it. `file` and `line` point into the submission where known.
    """

    fault = "candidate"
    exit_code = 0

    def __init__(
        self,
        what: str,
        cure: str = "",
        *,
        phase: str,
        kind: str,
        detail: str = "",
        file: str | None = None,
        line: int | None = None,
    ) -> None:
        super().__init__(what, cure)
        self.phase = phase
        self.kind = kind
        self.detail = detail
        self.file = file
        self.line = line


class SubmissionRefused(CandidateFault):
    """The folder or archive is not a submission for this task: nothing was run."""

    exit_code = 2

    def __init__(self, what: str, cure: str = "", *, kind: str, file: str | None = None) -> None:
        super().__init__(what, cure, phase="submission", kind=kind, file=file)


class TaskFault(DjudgeError):
    """The pack or the task is broken: its author must mend it. Never scored as the candidate's."""

    fault = "task_author"
    exit_code = 2

    def __init__(self, what: str, cure: str = "", *, path: Path | None = None, line: int | None = None) -> None:
        super().__init__(what, cure)
        self.path = path
        self.line = line


class OperatorFault(DjudgeError):
    """Wrong use, or a machine that lacks something: a missing layer of the jail, a full disk, an unknown task."""

    fault = "operator"
    exit_code = 2


class ProjectFault(OperatorFault):
    """The operator's own project, which `djudge check` runs, can't be run: settings, migrations, data, a service.

    `detail` is what it said (the end of a traceback), `place` the line of theirs nearest to it.
    """

    def __init__(self, what: str, cure: str = "", *, detail: str = "", place: str = "") -> None:
        super().__init__(what, cure)
        self.detail = detail
        self.place = place


class SandboxUnavailable(OperatorFault):
    """A layer of the jail can't be built here. `layer` names it; the judge refuses instead of running without it."""

    def __init__(self, layer: str, what: str, cure: str = "") -> None:
        super().__init__(what, cure)
        self.layer = layer


class InfrastructureError(DjudgeError):
    """Ours: a server died, a limit of the machine was hit. Costs the candidate nothing; the grading is retried.

    `kind` is a stable word for what broke (`server_died`, `zygote_died`, `disk_full`), so that the same failure
    again can be told from another.
    """

    def __init__(self, what: str, cure: str = "", *, kind: str = "unknown") -> None:
        super().__init__(what, cure)
        self.kind = kind


@contextmanager
def naming_a_full_disk(place: Path | None = None) -> Iterator[None]:
    """Turn the system's refusal of one more byte into OperatorFault, which says where and what to do about it.

    `place` is where was written, for errors that don't say it themselves. Other errors pass.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        where = error.filename or place
        raise OperatorFault(
            f"The disk is full: nothing more can be written{f' to {where}' if where else ''}.",
            "Free some space, or name folders with room in DJUDGE_DATA (kept) and DJUDGE_SCRATCH (2 GB, thrown away).",
        ) from error
