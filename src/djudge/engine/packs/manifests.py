"""The files of format 1 as they are written: `pack.toml`, `task.toml`, `expected.toml`, `assessments/<id>.toml`.

Strict: no unknown keys and no conversions, so that a slip of the pen is named instead of ignored. The JSON
schema in `docs/reference/` is generated from these models; `loading` turns them into the values of `model`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from djudge.engine.packs.model import AiPolicy, Guard, Lane
from djudge.engine.values import BULLETS, Outcome

FORMAT: Final = 1

#: Folders of packs and tasks, ids of checks: `a-plain-name`.
NAME_PATTERN: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_TASK: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*/[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_VARIABLE: Final = r"^[A-Z][A-Z0-9_]{0,60}$"
_ARGUMENT: Final = r"^([^{}\x00-\x1f]|\{port\}|\{site\})+$"
_MODULE: Final = r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$"


def _known_bullet(name: str) -> str:
    if name not in BULLETS:
        raise ValueError(f"no such bullet; there are {', '.join(sorted(BULLETS))}")
    return name


def _inside(pattern: str) -> str:
    parts = pattern.split("/")
    if pattern.startswith("/") or "\\" in pattern or any(part in {"", ".", ".."} for part in parts):
        raise ValueError("a path here is relative, has forward slashes and no empty part, '.' or '..'")
    return pattern


def _one_line(text: str) -> str:
    if re.search(r"[\x00-\x1f\x7f]", text) or not text.strip():
        raise ValueError("one line of text is needed")
    return text


#: `a-plain-name`: folders of packs and tasks, ids of checks, kinds of integrity findings.
Name = Annotated[str, Field(pattern=NAME_PATTERN, max_length=60)]
Module = Annotated[str, Field(pattern=_MODULE, max_length=120)]
Line = Annotated[str, Field(max_length=300), AfterValidator(_one_line)]
Inside = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_inside)]
Bullet = Annotated[str, Field(json_schema_extra={"enum": sorted(BULLETS)}), AfterValidator(_known_bullet)]


class Manifest(BaseModel):
    """What all files have in common."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SignInTable(Manifest):
    """`[[sign_in]]`: somebody who can sign in when the system runs by itself."""

    name: Line = Field(description="The user name.")
    role: Line = Field(description="What this person is, for whoever reads the list.")
    opens: Annotated[str, Field(max_length=200)] = Field(
        default="", description="Where to go first, as a path below the address."
    )


class ServiceTable(Manifest):
    """`[[service]]`: a program of the system's own that runs beside its site, on a port of loopback."""

    module: Module = Field(description="Run as `python -m`, in the system's folder.")
    arguments: tuple[Annotated[str, Field(max_length=200, pattern=_ARGUMENT)], ...] = Field(
        default=(), max_length=20, description="With `{port}` and `{site}` where these belong; no other braces."
    )
    address: Annotated[str, Field(pattern=_VARIABLE)] = Field(
        description="The variable by which the site is told where the program answers."
    )
    secret: Annotated[str, Field(pattern=_VARIABLE)] = Field(
        description="The variable by which both are told a secret that is made anew at each start."
    )


class PackFile(Manifest):
    """`pack.toml`: one system and how it is started."""

    format: Literal[1] = Field(description="The version of this format.")
    name: Name = Field(description="The name of the pack's folder.")
    title: Line = Field(description="The system's name as candidates read it.")
    system: Inside = Field(default="system", description="The folder of the complete project.")
    settings: Module | None = Field(
        default=None, description="The settings module, e.g. `stallhouse.settings`; plain Python has none."
    )
    wsgi: Module | None = Field(
        default=None, description="The module whose `application` answers requests, where any is answered."
    )
    requirements: Inside = Field(
        default="requirements.txt", description="The lock file, with a hash for every package."
    )
    preload: tuple[Module, ...] = Field(
        default=(), max_length=50, description="Modules imported once, before any settings exist."
    )
    postgres: bool = Field(default=True, description="Whether the system needs a database.")
    people: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,60}$")] | None = Field(
        default=None,
        description="A management command that gives everybody of `[[sign_in]]` one password: it is called with "
        "`--password-env` and the name of a variable.",
    )
    sign_in: tuple[SignInTable, ...] = Field(default=(), max_length=10)
    service: tuple[ServiceTable, ...] = Field(default=(), max_length=5)


class LimitsTable(Manifest):
    """`[limits]`: what a guest may use. What is left out has the default; nothing means unlimited."""

    wall_seconds: float | None = Field(default=None, gt=0, le=300, allow_inf_nan=False)
    cpu_seconds: float | None = Field(default=None, gt=0, le=120, allow_inf_nan=False)
    memory_mb: int | None = Field(default=None, ge=64, le=2048)
    processes: int | None = Field(default=None, ge=1, le=256)
    disk_mb: int | None = Field(default=None, ge=1, le=512)
    inodes: int | None = Field(default=None, ge=64, le=20_000)
    output_kb: int | None = Field(default=None, ge=1, le=4096)
    response_mb: int | None = Field(default=None, ge=1, le=64)
    request_seconds: float | None = Field(default=None, gt=0, le=60, allow_inf_nan=False)


class CheckTable(Manifest):
    """`[[check]]`: one question of the task."""

    id: Name = Field(description="What `judge` names in its findings.")
    title: Line = Field(description="A short name for reports.")
    asks: Line = Field(description="What is asked, in one sentence; it stands in the brief word for word.")
    bullet: Bullet | None = Field(
        default=None, description="The guide's line that it is evidence for; only a gate may lack one."
    )
    gate: bool = Field(default=False, description="Earns nothing; when it fails, no other check counts.")


class TaskFile(Manifest):
    """`task.toml`: what a task is, apart from its texts and code."""

    format: Literal[1] = Field(description="The version of this format.")
    id: Annotated[str, Field(pattern=r"^[A-Z]{1,4}[0-9]{1,3}$")] = Field(
        description="Unique among all packs, e.g. `SH4`."
    )
    version: int = Field(ge=1, description="Raised whenever findings may change.")
    title: Line = Field(description="The ticket's title.")
    level: int = Field(ge=0, le=3, description="The guide's level; 0 for plain Python.")
    bullets: tuple[Bullet, ...] = Field(min_length=1, description="The guide's lines that it is evidence for.")
    guide_lines: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        default=(), description="Lines of the hiring guide that it serves."
    )
    minutes: int = Field(ge=5, le=180, description="Time for the median candidate.")
    editable: tuple[Inside, ...] = Field(
        min_length=1,
        max_length=50,
        description="Paths that may change; `*` within a folder, `**` across folders.",
    )
    needs: tuple[Literal["tcp"], ...] = Field(default=(), description="What the guest needs beyond a database.")
    ai_policy: AiPolicy = Field(description="What the brief says about AI assistants.")
    budget_from: tuple[Inside, ...] = Field(
        default=("expert",),
        min_length=1,
        description="Solutions (or `start`) measured on the same data, for the budget.",
    )
    limits: LimitsTable = LimitsTable()
    check: tuple[CheckTable, ...] = Field(min_length=1, max_length=30)


class ExpectedFile(Manifest):
    """`expected.toml`: what a solution earns. A check that is not named here is expected to be `shown`."""

    outcomes: dict[Name, Outcome] = Field(
        default_factory=dict, description="The outcome of each check that differs from `shown`, or of all."
    )
    integrity: tuple[Name, ...] = Field(default=(), description="Kinds of integrity findings that it must cause.")
    red_flags: tuple[Name, ...] = Field(default=(), description="Kinds of the guide's red flags that it must raise.")
    why: Annotated[str, Field(min_length=1, max_length=2000)] = Field(
        description="Why this solution exists and why it earns this."
    )


class AssessmentFile(Manifest):
    """`assessments/<id>.toml`: tasks that one candidate is asked, in order. Its minutes are those of its tasks."""

    format: Literal[1] = Field(description="The version of this format.")
    id: Name = Field(description="The name of the file, without `.toml`.")
    title: Line = Field(description="The assessment as candidates and recruiters read it.")
    lane: Lane = Field(description="Who it is for; `python-strong` places no Django level.")
    tasks: tuple[Annotated[str, Field(pattern=_TASK, max_length=130)], ...] = Field(
        min_length=1, max_length=12, description="Tasks as `pack/slug`, in the order in which they are meant."
    )
    answers: dict[Guard, Line] = Field(
        default_factory=dict, description="Why a guard does not hold here; without a reason it is a warning."
    )


@lru_cache(maxsize=1024)
def glob_to_pattern(glob: str) -> re.Pattern[str]:
    """A glob of `editable` as a pattern for whole paths: `*` and `?` stay within a folder, `**` crosses
    folders.

    What follows a star is looked for once, at its first place, and never again further on: a glob of many stars then
    takes no longer than one of a single star, whatever the path.
    """
    *parents, last = PurePosixPath(glob).parts
    runs = [[_part_to_pattern(part) + "/" for part in run] for run in _runs(parents)]
    if last == "**":
        return re.compile(_in_order(runs, "(?:[^/]+/)*?") + ".+", re.DOTALL)
    runs[-1].append(_part_to_pattern(last))
    return re.compile(_in_order(runs, "(?:[^/]+/)*?"), re.DOTALL)


def _runs(parents: list[str]) -> list[list[str]]:
    """The parts between `**`."""
    runs: list[list[str]] = [[]]
    for part in parents:
        if part != "**":
            runs[-1].append(part)
        elif len(runs) == 1 or runs[-1]:
            runs.append([])
    return runs


def _part_to_pattern(part: str) -> str:
    """One part of a path. Stars beside each other are one star."""
    pieces = re.sub(r"\*+", "*", part).split("*")
    runs = [["[^/]" if letter == "?" else re.escape(letter) for letter in piece] for piece in pieces]
    return _in_order(runs, "[^/]*?")


def _in_order(runs: Sequence[Sequence[str]], between: str) -> str:
    """The first run at the beginning, the last one at the end, those in between each at its first place."""
    first, *others = ("".join(run) for run in runs)
    if not others:
        return first
    *middle, last = others
    greedy = between.removesuffix("?")
    return first + "".join(f"(?>{between}{run})" for run in middle) + greedy + last
