"""What a pack and a task are, once read: frozen values that no later step changes.

`loading` makes them; everything after it can rely on what is said here. Paths are absolute. Nothing in this
module touches the disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from djudge.engine.sandbox.contract import Limits
from djudge.engine.values import Outcome


class AiPolicy(StrEnum):
    """What the brief says about AI assistants. The judge measures the same way in each case."""

    ALLOWED = "allowed"
    DECLARED = "declared"
    FORBIDDEN = "forbidden"


class SolutionKind(StrEnum):
    """What a solution is there to prove; the name of its folder under `solutions/`."""

    EXPERT = "expert"
    COMPETENT = "competent"
    JUNIOR = "junior"
    ALTERNATIVE = "alternatives"
    WRONG = "wrong"
    CHEAT = "cheats"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One system and the folder of its tasks. `title` is the world's name, as candidates read it."""

    folder: Path
    name: str
    title: str
    system: Path
    settings: str
    wsgi: str
    requirements: Path
    preload: tuple[str, ...] = ()
    postgres: bool = True

    @property
    def tasks_folder(self) -> Path:
        """Where its tasks lie, a folder each."""
        return self.folder / "tasks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question of a task. `asks` is the sentence of the brief; a gate can only lower, so it may lack a
    bullet.
    """

    id: str
    title: str
    asks: str
    bullet: str | None = None
    gate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a solution must earn: an outcome for each check, and the integrity findings that it must cause."""

    outcomes: Mapping[str, Outcome]
    integrity: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A folder of changed files laid over the start. `name` is the path below `solutions/`:
    `wrong/page-cache`.
    """

    folder: Path
    name: str
    kind: SolutionKind
    expected: Expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One work sample. `slug` is its folder's name and `name` says where it is found:
    `shop/slow-product-list`.
    """

    pack: Pack
    folder: Path
    slug: str
    id: str
    version: int
    title: str
    level: int
    bullets: tuple[str, ...]
    guide_lines: tuple[int, ...]
    minutes: int
    editable: tuple[str, ...]
    needs: tuple[str, ...]
    ai_policy: AiPolicy
    limits: Limits
    checks: tuple[Check, ...]
    budget_from: tuple[str, ...]
    brief: str
    solutions: tuple[Solution, ...]

    @property
    def name(self) -> str:
        """The unambiguous name of the task on a command line."""
        return f"{self.pack.name}/{self.slug}"

    def check(self, check_id: str) -> Check:
        """A check by its id; a KeyError when the task has none such."""
        return {check.id: check for check in self.checks}[check_id]

    def solution(self, name: str) -> Solution:
        """A solution by its name (`expert`, `wrong/page-cache`); a KeyError when there is none such."""
        return {solution.name: solution for solution in self.solutions}[name]
