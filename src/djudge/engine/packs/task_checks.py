"""Pure checks of a task that a single key can't show: how its parts fit together. None of them raises."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path
from typing import Final

from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.manifests import NAME_PATTERN, LimitsTable, TaskFile
from djudge.engine.packs.toml_lines import line_of
from djudge.engine.sandbox.contract import Limits

BRIEF_WORDS: Final = 400

#: Stands for the untouched start where solutions are named.
UNTOUCHED: Final = "start"


def limits_from(table: LimitsTable) -> Limits:
    """The limits of a task: the default of each that it does not name. Nothing means unlimited."""
    named = {name: value for name, value in dict(table).items() if value is not None}
    return Limits(**named)


def check_task_file(folder: Path, wanted: TaskFile, text: str, brief: str, diagnostics: Diagnostics) -> None:
    """All checks of `task.toml` and `brief.md` together."""
    file = folder / "task.toml"
    if not re.fullmatch(NAME_PATTERN, folder.name):
        diagnostics.error(folder, None, "The folder's name is no plain name.", "Lower-case words and hyphens.")
    _check_ids(file, wanted, text, diagnostics)
    _check_bullets(file, wanted, text, diagnostics)
    _check_budget(folder, wanted, text, diagnostics)
    _check_brief(folder / "brief.md", wanted, brief, diagnostics)


def check_editable(folder: Path, system: Path, wanted: TaskFile, text: str, diagnostics: Diagnostics) -> None:
    """That the folders which editable paths name are there, so that a slip of the pen locks nobody out."""
    for index, glob in enumerate(wanted.editable):
        plain = itertools.takewhile(lambda part: not set(part) & set("*?"), glob.split("/")[:-1])
        parent = "/".join(plain)
        if not (system / parent).is_dir() and not (folder / "start" / parent).is_dir():
            line = line_of(text, ["editable", index])
            diagnostics.warn(file=folder / "task.toml", line=line, message=f"No folder {parent} is there to edit.")


def _check_ids(file: Path, wanted: TaskFile, text: str, diagnostics: Diagnostics) -> None:
    seen: set[str] = set()
    for index, check in enumerate(wanted.check):
        if check.id in seen:
            line = line_of(text, ["check", index, "id"])
            diagnostics.error(file, line, f"Two checks have the id {check.id!r}.", "Give each its own.")
        seen.add(check.id)
    if all(check.gate for check in wanted.check):
        line = line_of(text, ["check"])
        diagnostics.error(file, line, "Every check is a gate, so nothing can be earned.", "Add one that scores.")


def _check_bullets(file: Path, wanted: TaskFile, text: str, diagnostics: Diagnostics) -> None:
    for index, check in enumerate(wanted.check):
        if check.bullet is None and not check.gate:
            line = line_of(text, ["check", index])
            diagnostics.error(
                file,
                line,
                f"Check {check.id!r} scores and has no bullet.",
                "Name its bullet, or make it a gate.",
            )
        elif check.bullet is not None and check.bullet not in wanted.bullets:
            line = line_of(text, ["check", index, "bullet"])
            diagnostics.error(file, line, f"{check.bullet!r} is not among the task's bullets.", "Add it to `bullets`.")
    served = {check.bullet for check in wanted.check if not check.gate}
    for bullet, count in Counter(wanted.bullets).items():
        if bullet not in served or count > 1:
            line = line_of(text, ["bullets"])
            diagnostics.error(
                file,
                line,
                f"{bullet!r} is named twice, or no scored check serves it.",
                "Name what is measured.",
            )


def _check_budget(folder: Path, wanted: TaskFile, text: str, diagnostics: Diagnostics) -> None:
    for name in wanted.budget_from:
        if name != UNTOUCHED and not (folder / "solutions" / name / "expected.toml").is_file():
            diagnostics.error(
                folder / "task.toml", line_of(text, ["budget_from"]), f"There is no solution {name!r}.",
                "Name folders below solutions/, such as expert, or `start`.",
            )  # fmt: skip


def _check_brief(file: Path, wanted: TaskFile, brief: str, diagnostics: Diagnostics) -> None:
    words = len(brief.split())
    if words > BRIEF_WORDS:
        diagnostics.warn(file, None, f"The brief has {words} words.", f"At most {BRIEF_WORDS} are fair.")
    said = _plain(brief)
    for check in wanted.check:
        if _plain(check.asks) not in said:
            diagnostics.warn(
                file, None, f"The brief does not say what check {check.id!r} asks: {check.asks!r}.",
                "Write this sentence into it.",
            )  # fmt: skip


def _plain(text: str) -> str:
    """The words of a text without its marks and line breaks, so that a brief may set them as it likes."""
    return " ".join(re.sub(r"[`*_#>]+", "", text).split()).rstrip(".").casefold()
