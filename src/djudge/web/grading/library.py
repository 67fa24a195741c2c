"""What there is to work on, for pages: the packs' tasks and ready assessments, read from their folders.

A pack that is added appears by itself: the folders are looked at anew whenever a manifest changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt

from djudge.engine.errors import OperatorFault, SubmissionRefused
from djudge.engine.folders import packs_folder
from djudge.engine.packs.assessments import MOST_MINUTES, discover_assessments
from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.guards import unmet
from djudge.engine.packs.loading import Library, discover, find_task
from djudge.engine.packs.manifests import glob_to_pattern
from djudge.engine.packs.model import Lane, Task
from djudge.engine.packs.names import fault_of_path, is_ignored
from djudge.engine.packs.submission import TASK_FILE, submission_of_solution
from djudge.engine.packs.workspace import Mark, mark_text, workspace_tree
from djudge.engine.scoring.headline import NAMES
from djudge.engine.values import BULLETS
from djudge.engine.verify.committed import changed_since_proved, proofs_of
from djudge.web.grading.handing_in import Files, as_submission, read_upload
from djudge.web.grading.scenes import Scene, scene_of

__all__ = ["BULLETS", "MOST_MINUTES", "NAMES", "Lane", "Ready", "TaskCard", "Workspace"]

#: Files of a workspace that an editor can show; larger or binary ones are told by name alone.
_EDITABLE_BYTES: Final = 400_000

#: Briefs are the packs' own text; HTML in them is shown as text all the same.
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCard:
    """A task as pages show it. `scene` says what can be tried with it live; `killed` is how many mutants its checks
    found; None where it has not been proved as it is now."""

    name: str
    id: str
    title: str
    system: str
    level: int
    minutes: int
    bullets: tuple[str, ...]
    guide_lines: tuple[int, ...]
    ai_policy: str
    checks: tuple[tuple[str, str], ...]
    brief: str
    killed: int | None
    lane: str
    scene: Scene

    @property
    def bullet_names(self) -> tuple[str, ...]:
        """Its bullets in words for people."""
        return tuple(NAMES[bullet] for bullet in self.bullets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """An assessment that comes with the packs; `answers` are the reasons where one of the guide's wishes is not met."""

    id: str
    title: str
    lane: str
    tasks: tuple[str, ...]
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """What a candidate works on: texts by path, patterns of what may be changed, and names of what can't be shown."""

    files: Mapping[str, str]
    patterns: tuple[str, ...]
    others: tuple[str, ...]


def cards() -> dict[str, TaskCard]:
    """Every task by its name, in the order of level and id. Some milliseconds once, then microseconds."""
    return _cards(_state())


def card(name: str) -> TaskCard:
    """One task by its name; KeyError where there is none such (any more)."""
    return cards()[name]


def ready() -> tuple[Ready, ...]:
    """The assessments that come with the packs."""
    return _ready(_state())


def workspace(name: str) -> Workspace:
    """What a candidate starts from; KeyError for an unknown task. Some milliseconds once a task."""
    return _workspace(name, _state())


def marked(name: str, version: int) -> tuple[str, str]:
    """The file by which a downloaded workspace says of which task and of which saved version it is: path and text."""
    return TASK_FILE, mark_text(Mark(name, version))


def may_edit(name: str, path: str) -> bool:
    """Whether a file of this path may be changed or made for the task; no name that a submission must not have is."""
    if fault_of_path(path) or is_ignored(path):
        return False
    patterns = workspace(name).patterns
    return any(glob_to_pattern(pattern).fullmatch(path) for pattern in patterns)


def refusal(name: str, files: Files) -> str:
    """Why changed files would be no submission of the task, in a sentence with what to do; empty where they are one."""
    try:
        as_submission(task(name), files)
    except SubmissionRefused as refused:
        return f"{refused.what} {refused.cure}".strip()
    return ""


class UploadRefusedError(ValueError):
    """An archive that is no submission of the task; the message says why and what to do."""


def uploaded(name: str, content: bytes) -> dict[str, str | None]:
    """The changed files of an archive; raises UploadRefusedError."""
    try:
        return read_upload(task(name), content)
    except SubmissionRefused as refused:
        raise UploadRefusedError(f"{refused.what} {refused.cure}".strip()) from refused


def task(name: str) -> Task:
    """The engine's own task; KeyError for an unknown name."""
    try:
        return find_task(_library(_state()), name)
    except OperatorFault as fault:
        raise KeyError(name) from fault


type _State = tuple[tuple[str, int], ...]


def _state() -> _State:
    """The manifests and when they were changed: what everything below depends on. Tens of stat calls."""
    root = packs_folder()
    patterns = (
        "*/pack.toml",
        "*/tasks/*/task.toml",
        "*/tasks/*/observe.py",
        "*/tasks/proofs.json",
        "assessments/*.toml",
    )
    found: list[Path] = [file for pattern in patterns for file in root.glob(pattern)]
    return tuple(sorted((str(file), file.stat().st_mtime_ns) for file in found))


@lru_cache(maxsize=1)
def _library(state: _State) -> Library:
    return discover()


@lru_cache(maxsize=1)
def _cards(state: _State) -> dict[str, TaskCard]:
    every = sorted(_library(state).tasks, key=lambda each: (each.level, each.id))
    return {each.name: _card(each) for each in every}


def _card(each: Task) -> TaskCard:
    proved = None if changed_since_proved(each) else proofs_of(each.pack).tasks[each.slug]
    return TaskCard(
        name=each.name,
        id=each.id,
        title=each.title,
        system=each.pack.title,
        level=each.level,
        minutes=each.minutes,
        bullets=each.bullets,
        guide_lines=each.guide_lines,
        ai_policy=each.ai_policy.value,
        checks=tuple((check.title, check.asks) for check in each.checks),
        brief=_MARKDOWN.render(_without_title(each.brief)),
        killed=proved.mutants.killed if proved else None,
        lane=Lane.DJANGO_READY if each.pack.settings else Lane.PYTHON_STRONG,
        scene=scene_of(each.folder / "observe.py"),
    )


def _without_title(brief: str) -> str:
    """Pages say the title themselves."""
    first, _, rest = brief.lstrip().partition("\n")
    return rest if first.startswith("# ") else brief


@lru_cache(maxsize=1)
def _ready(state: _State) -> tuple[Ready, ...]:
    return tuple(
        Ready(
            id=each.id,
            title=each.title,
            lane=each.lane,
            tasks=tuple(one.name for one in each.tasks),
            answers={guard.value: why for guard, why in each.answers.items()},
        )
        for each in discover_assessments(_library(state), Diagnostics())
    )


@lru_cache(maxsize=64)
def _workspace(name: str, state: _State) -> Workspace:
    found = task(name)
    texts, others = {}, []
    for path, content in sorted(workspace_tree(found).items()):
        text = _text(content)
        if text is None:
            others.append(path)
        elif not path.startswith("."):
            texts[path] = text
    return Workspace(
        files=texts,
        patterns=found.editable,
        others=tuple(others),
    )


def _text(content: bytes) -> str | None:
    if len(content) > _EDITABLE_BYTES or b"\0" in content:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Something that the guide asks of a set of tasks and that this one leaves open; a reason answers it."""

    guard: str
    guide_line: int
    says: str


def wishes(lane: str, tasks: Sequence[str]) -> tuple[Wish, ...]:
    """What the guide asks for and these tasks leave open. Microseconds."""
    found = unmet(Lane(lane), [task(name) for name in tasks])
    return tuple(Wish(guard=each.guard.value, guide_line=each.guide_line, says=each.says) for each in found)


def coverage(tasks: Sequence[str]) -> list[tuple[str, int, list[str]]]:
    """Every bullet of the guide by name, its level, and the ids of those tasks that test it."""
    chosen = [cards()[name] for name in tasks if name in cards()]
    return [
        (NAMES[bullet], level, [card.id for card in chosen if bullet in card.bullets])
        for bullet, level in BULLETS.items()
    ]


def solutions(name: str) -> list[dict[str, str]]:
    """The changed files of all of a task's own solutions: right, wrong and cheating ones. Some milliseconds."""
    found = task(name)
    return [solution(name, each.name) for each in found.solutions]


def solution(name: str, solution_name: str) -> dict[str, str]:
    """The changed files of one of a task's own solutions, for samples. KeyError where there is none such."""
    found = submission_of_solution(task(name), solution_name)
    return {path: content.decode() for path, content in found.changed.items() if content is not None}
