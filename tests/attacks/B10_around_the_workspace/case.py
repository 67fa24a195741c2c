"""Prepares the machine so that git runs a program when `djudge start` lays a workspace out.

A home with hooks and templates, variables that point git elsewhere, an outer repository around the place, a `git` in
the folder where one stands. Git is run without the configuration of machine and user, in an environment made from
nothing. The control commits in the same surroundings, and the program runs.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from tests.attacks.B10_uploaded_repository.case import HOOKS, repository
from tests.attacks.battery import Field, Outcome
from tests.attacks.commands import called, work_folder

REASON = "the workspace stands, and nothing was run"


@contextmanager
def _surroundings(field: Field) -> Iterator[tuple[Path, Path]]:
    """A place within all of it, and what the program leaves."""
    with work_folder(field) as folder:
        work, mark = repository(folder, {})
        program, hooks = folder / "program", folder / "home/template/hooks"
        hooks.mkdir(parents=True)
        for name in (*HOOKS, "prepare-commit-msg", "commit-msg"):
            (hooks / name).write_text(program.read_text())
            (hooks / name).chmod(0o755)
        (folder / "home/.gitconfig").write_text(
            f"[core]\n\thooksPath = {hooks}\n\tfsmonitor = {program}\n[init]\n\ttemplateDir = {hooks.parent}\n"
            f"[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = {program}\n"
        )
        (work / "git").write_text(program.read_text())
        (work / "git").chmod(0o755)
        variables = {
            "HOME": str(folder / "home"), "GIT_TEMPLATE_DIR": str(hooks.parent), "XDG_CONFIG_HOME": str(folder / "home"),
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.hooksPath", "GIT_CONFIG_VALUE_0": str(hooks),
            "GIT_EDITOR": str(program), "GIT_SSH_COMMAND": str(program), "GIT_TRACE2": str(folder / "trace"),
        }  # fmt: skip
        home = os.getcwd()
        with patch.dict(os.environ, variables):
            os.chdir(work)
            try:
                yield work / "place", mark
            finally:
                os.chdir(home)


def attempt(field: Field) -> Outcome:
    with _surroundings(field) as (place, mark):
        told = called("start", field.task.id, place)
        stands = (place / "BRIEF.md").is_file() and (place / ".git").is_dir()
        if mark.exists() or (mark.parent / "trace").exists():
            return Outcome(succeeded=True, reason="a program was run, or git wrote elsewhere")
    return Outcome(succeeded=False, reason=REASON if stands and told.status == 0 else str(told))


def control(field: Field) -> Outcome:
    with _surroundings(field) as (place, mark):
        for arguments in (
            ["init", "--quiet", str(place)],
            ["-C", str(place), "commit", "--quiet", "--allow-empty", "-m", "x"],
        ):
            subprocess.run(["git", *arguments], capture_output=True, check=False)
        return Outcome(succeeded=mark.exists(), reason="git ran nothing")
