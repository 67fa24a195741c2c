"""Hands in a folder whose repository runs programs as soon as git looks at it: hooks, watchers, filters, includes.

The folder is read as plain files, what git keeps beside them is left alone, and no git is ever run in it. The control
asks git for the state of the same folder, and git runs the program.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.attacks.battery import Field, Outcome
from tests.attacks.commands import called, work_folder

from djudge.engine.packs.submission import read_submission

REASON = "only the changed file comes in, and nothing was run"
VIEWS = "catalogue/views.py"
HOOKS = ("post-checkout", "post-commit", "post-index-change", "pre-commit", "reference-transaction", "update")
#: None of these may come in: they mean something to git or to an editor.
BESIDE = {
    ".gitattributes": "* filter=mine diff=mine merge=mine\n",
    "catalogue/.gitattributes": "* filter=mine\n",
    ".gitmodules": '[submodule "mine"]\n\tpath = catalogue/mine\n\turl = ext::sh -c %(program)s\n\tupdate = !%(program)s\n',
    "catalogue/.git": "gitdir: ../.git\n",
    "catalogue/mine/.git": "gitdir: ../../.git/modules/mine\n",
    ".vscode/tasks.json": '{"tasks": [{"command": "%(program)s", "runOptions": {"runOn": "folderOpen"}}]}',
    ".envrc": "%(program)s\n",
}  # fmt: skip
CONFIG = """
[core]
\tfsmonitor = %(program)s
\thooksPath = .git/hooks
\tpager = %(program)s
\teditor = %(program)s
\tsshCommand = %(program)s
\tworktree = /
[include]
\tpath = included
[includeIf "gitdir:**"]
\tpath = included
[filter "mine"]
\tclean = %(program)s
\tsmudge = %(program)s
\tprocess = %(program)s
\trequired = true
[diff "mine"]
\ttextconv = %(program)s
\tcommand = %(program)s
[alias]
\tstatus = !%(program)s
"""


def repository(folder: Path, changed: Mapping[str, str]) -> tuple[Path, Path]:
    """A repository that runs a program wherever git lets it, with these files; and what the program leaves."""
    mark, program, work = folder / "run", folder / "program", folder / "work"
    program.write_text(f"#!/bin/sh\ntouch '{mark}'\n")
    program.chmod(0o755)
    work.mkdir()
    subprocess.run(["git", "init", "--quiet", "--template=", str(work)], check=True)
    said = {"program": program}
    files = {**changed, **{name: text % said for name, text in BESIDE.items()}}
    files |= {f".git/hooks/{name}": program.read_text() for name in HOOKS}
    with (work / ".git/config").open("a") as config:
        config.write((CONFIG % said).replace("\tworktree = /\n", ""))
    files[".git/included"] = f"[core]\n\tfsmonitor = {program}\n"
    for path, text in files.items():
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_text(text)
    for name in HOOKS:
        (work / ".git/hooks" / name).chmod(0o755)
    return work, mark


def attempt(field: Field) -> Outcome:
    with work_folder(field) as folder:
        text = field.solution("expert")[VIEWS]
        work, mark = repository(folder, {VIEWS: text, ".djudge": f"{field.task.name}\n"})
        came = sorted(read_submission(field.task, work).changed)
        home = os.getcwd()
        os.chdir(work)  # a git that is run anywhere below would find it
        try:
            graded = called("grade", field.task.id, ".", "--json", "-")
        finally:
            os.chdir(home)
        if mark.exists():
            return Outcome(succeeded=True, reason="a program of the repository was run")
    if graded.status:
        return Outcome(succeeded=False, reason=graded.err)
    files = [one["path"] for one in json.loads(graded.out)["submission"]["files"]]
    return Outcome(succeeded=False, reason=REASON if came == files == [VIEWS] else f"{came} {files}")


def control(field: Field) -> Outcome:
    with work_folder(field) as folder:
        work, mark = repository(folder, {VIEWS: "x = 1\n"})
        subprocess.run(["git", "-C", str(work), "status"], capture_output=True, check=False)
        return Outcome(succeeded=mark.exists(), reason="git ran nothing")
