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


class Lane(StrEnum):
    """Who an assessment is for: people who know Django, or people strong in Python to whom Django is new."""

    DJANGO_READY = "django-ready"
    PYTHON_STRONG = "python-strong"


class Guard(StrEnum):
    """What the hiring guide asks of a set of tasks; an assessment answers with a reason where it does not hold."""

    BULLETS = "every-bullet-tested"
    MINIMUM = "places-the-minimum"
    BEYOND_CRUD = "beyond-crud"
    PYTHON = "python-part"
    ORM = "measured-orm"
    LEARNING = "learning-task"


class SolutionKind(StrEnum):
    """What a solution is there to prove; the name of its folder under `solutions/`."""

    EXPERT = "expert"
    COMPETENT = "competent"
    JUNIOR = "junior"
    ALTERNATIVE = "alternatives"
    WRONG = "wrong"
    CHEAT = "cheats"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Somebody who can sign in when the system runs by itself; `opens` is where they begin."""

    name: str
    role: str
    opens: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A program of the system's own that runs beside its site. `address` and `secret` name variables."""

    module: str
    arguments: tuple[str, ...]
    address: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One system and the folder of its tasks. `title` is the world's name, as candidates read it.

    Without `settings` it is plain Python, and has no database either.
    """

    folder: Path
    name: str
    title: str
    system: Path
    requirements: Path
    settings: str | None = None
    wsgi: str | None = None
    preload: tuple[str, ...] = ()
    postgres: bool = True
    people: str | None = None
    sign_ins: tuple[SignIn, ...] = ()
    services: tuple[Service, ...] = ()

    @property
    def tasks_folder(self) -> Path:
        """Where its tasks lie, a folder each."""
        return self.folder / "tasks"

    @property
    def museum_folder(self) -> Path:
        """Where its slow queries lie, a folder each. No grading reads them."""
        return self.folder / "museum"


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
    """What a solution must earn: an outcome for each check; the integrity findings and red flags that it must cause."""

    outcomes: Mapping[str, Outcome]
    integrity: tuple[str, ...]
    why: str
    red_flags: tuple[str, ...] = ()


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
class Assessment:
    """Tasks that one candidate is asked, in order. `answers` are the reasons where a guard does not hold."""

    file: Path
    id: str
    title: str
    lane: Lane
    tasks: tuple[Task, ...]
    answers: Mapping[Guard, str]

    @property
    def minutes(self) -> int:
        """How long its tasks take together."""
        return sum(task.minutes for task in self.tasks)

    @property
    def bullets(self) -> frozenset[str]:
        """The guide's bullets that some task of it serves."""
        return frozenset(bullet for task in self.tasks for bullet in task.bullets)


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
