"""Mutants that are no mistake: listed in the task's `equivalents.toml`, each with a reason and a witness.

The reason is for people. The witness is what the machine compares: where the mutant's observations differ from the
expert's, it is not equivalent, whatever the reason says.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.manifests import Inside, Line, Manifest, Name
from djudge.engine.packs.model import Task
from djudge.engine.packs.reading import read_manifest
from djudge.engine.verify.mutants import Mutant

#: Lies beside `task.toml`; a task without equivalent mutants has none.
EQUIVALENTS_FILE: Final = "equivalents.toml"


class Witness(StrEnum):
    """What is the same for the mutant as for the expert: all answers; all statements, their plans and rows."""

    ANSWERS = "answers"
    STATEMENTS = "statements"


class Equivalent(Manifest):
    """One entry: which mutants it speaks of (all of this operator on this line), why, and what is compared."""

    operator: Name = Field(description="The operator's name, as `djudge verify` tells it.")
    file: Inside = Field(description="The file, as a path in the project.")
    line: Line = Field(description="The text of the line, without the space around it.")
    why: Annotated[str, Field(min_length=1, max_length=2000)] = Field(
        description="Why nothing that the task asks for can show the difference."
    )
    witness: tuple[Annotated[Witness, Field(strict=False)], ...] = Field(
        min_length=1, description="What is compared with the expert: `answers`, `statements` or both."
    )

    def speaks_of(self, mutant: Mutant) -> bool:
        """Whether the entry is about this mutant."""
        return (self.operator, self.file, self.line) == (mutant.operator, mutant.file, mutant.text)


class EquivalentsFile(Manifest):
    """`equivalents.toml` as it is written."""

    equivalent: tuple[Equivalent, ...] = Field(default=(), max_length=200)


def equivalents_of(task: Task, diagnostics: Diagnostics) -> tuple[Equivalent, ...]:
    """The task's equivalent mutants; what is wrong with the file is a diagnostic."""
    file = task.folder / EQUIVALENTS_FILE
    if not file.exists():
        return ()
    read = read_manifest(EquivalentsFile, file, diagnostics)
    return read[0].equivalent if read else ()
