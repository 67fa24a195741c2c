"""Searches the workspace that it is given, and all that its repository ever held, for checks, solutions and seeds.

The workspace is written from trees in memory into a repository of one commit, which has never seen more than it shows.
The control searches a repository from which the solution was taken out again.
"""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.attacks.B01_walks_the_root.case import hidden_texts
from tests.attacks.battery import CHECKOUT, Field, Outcome
from tests.attacks.commands import called, work_folder

REASON = "one commit, and nothing to find"
AUTHOR = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgSign=false", "-c", "gc.auto=0")


def attempt(field: Field) -> Outcome:
    with work_folder(field) as folder:
        told = called("start", field.task.id, folder / "work")
        if told.status:
            return Outcome(succeeded=False, reason=told.err)
        commits = _git(folder / "work", "rev-list", "--all", "--count", "--reflog").strip()
        unreachable = _git(folder / "work", "fsck", "--unreachable", "--no-reflogs").strip()
        found = _found(folder / "work", hidden_texts(field))
    wrong = [text for text in (f"{commits} commits" if commits != b"1" else "", unreachable.decode(), *found) if text]
    return Outcome(succeeded=bool(wrong), reason=", ".join(wrong) or REASON)


def _found(work: Path, texts: Sequence[bytes]) -> list[str]:
    """Which texts stand in any file of the folder, or in any object of its repository, reachable or not."""
    files = [path.read_bytes() for path in work.rglob("*") if path.is_file()]
    objects = _git(work, "cat-file", "--batch-all-objects", "--batch")
    assert b"manage.py" in objects
    everything = b"\n".join((*files, objects, *(str(path.relative_to(work)).encode() for path in work.rglob("*"))))
    return [repr(text[:60]) for text in texts if text in everything]


def _git(work: Path, *arguments: str) -> bytes:
    command = ["git", "-c", f"safe.directory={work}", *AUTHOR, "-C", str(work), *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout


def control(field: Field) -> Outcome:
    """What was committed once and taken out is found."""
    with work_folder(field) as folder:
        work = folder / "work"
        called("start", field.task.id, work)
        for path, text in field.solution("expert").items():
            (work / path).write_text(text)
        _git(work, "commit", "--quiet", "--all", "-m", "the answer")
        _git(work, "reset", "--quiet", "--hard", "HEAD~1")
        found = _found(work, hidden_texts(field))
    return Outcome(succeeded=bool(found) and str(CHECKOUT) not in str(found), reason=f"found {found}")
