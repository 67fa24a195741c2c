"""What is wrong in a pack, as a list: a reader gathers, and whoever asked decides how strict to be.

An error means that the thing can't be used and is left out; a warning means that it can be used, and that
`djudge verify` refuses it all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import overload

from djudge.engine.errors import TaskFault


class Severity(StrEnum):
    """How bad: `error` keeps the thing from being used, `warning` does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One thing to mend: where, what, and how. `line` counts from 1 and is None where no line is at fault."""

    file: Path
    line: int | None
    message: str
    cure: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{place}: {self.severity}: {self.message} {self.cure}".rstrip()

    def as_fault(self) -> TaskFault:
        """The same as an exception, for whoever asked for exactly this thing."""
        return TaskFault(self.message, self.cure, path=self.file, line=self.line)


@dataclass(slots=True)
class Diagnostics(Sequence[Diagnostic]):
    """A collector, and the sequence of what it holds. Only ever grows; reading it has no effect."""

    entries: list[Diagnostic] = field(default_factory=list)

    @overload
    def __getitem__(self, place: int) -> Diagnostic: ...
    @overload
    def __getitem__(self, place: slice) -> list[Diagnostic]: ...
    def __getitem__(self, place: int | slice) -> Diagnostic | list[Diagnostic]:
        return self.entries[place]

    def __len__(self) -> int:
        return len(self.entries)

    def error(self, file: Path, line: int | None, message: str, cure: str = "") -> None:
        """Note something that keeps the thing from being used."""
        self.entries.append(Diagnostic(file=file, line=line, message=message, cure=cure))

    def warn(self, file: Path, line: int | None, message: str, cure: str = "") -> None:
        """Note something that `djudge verify` refuses."""
        self.entries.append(Diagnostic(file=file, line=line, message=message, cure=cure, severity=Severity.WARNING))

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Those that keep something from being used."""
        return tuple(entry for entry in self.entries if entry.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """Those that `djudge verify` refuses and nobody else."""
        return tuple(entry for entry in self.entries if entry.severity is Severity.WARNING)
