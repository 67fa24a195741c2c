"""The command as an operator gives it, for cases that come in by what was handed in: refused before anything runs."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from djudge.engine.cli.main import cli, run
from djudge.engine.errors import SubmissionRefused
from djudge.engine.packs.submission import read_submission
from tests.attacks.battery import Field, Outcome

#: Makes something in an empty folder, and says what is to be handed in.
type Maker = Callable[[Path], Path]


@dataclass(frozen=True, slots=True)
class Called:
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str


def called(*arguments: object) -> Called:
    """`djudge` with these arguments, in this process, by the function that its entry point calls."""
    before, sys.argv = sys.argv, ["djudge", *map(str, arguments)]
    try:
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            status = run(cli)
    finally:
        sys.argv = before
    return Called(status, out.getvalue(), err.getvalue())


@contextmanager
def work_folder(field: Field) -> Iterator[Path]:
    """An empty folder; gone afterwards, whatever was made in it."""
    folder = Path(tempfile.mkdtemp(prefix="work-", dir=field.scratch))
    try:
        yield folder
    finally:
        for place in (folder, *(one for one in folder.rglob("*") if one.is_dir() and not one.is_symlink())):
            place.chmod(0o700)
        shutil.rmtree(folder)


def handed_in(field: Field, makers: Mapping[str, Maker], expected: Mapping[str, str], reason: str) -> Outcome:
    """The outcome of handing in each of these: `reason` where each is refused as what is `expected` of it."""
    said = {name: _refusal(field, maker) for name, maker in makers.items()}
    taken = [name for name, kind in said.items() if kind == ""]
    if taken:
        return Outcome(succeeded=True, reason=f"taken: {', '.join(taken)}")
    other = [f"{name}: {kind}" for name, kind in said.items() if kind != expected[name]]
    return Outcome(succeeded=False, reason=", ".join(other) or reason)


def _refusal(field: Field, maker: Maker) -> str:
    """The kind of the refusal, told by `djudge grade` in words with nothing invisible; empty if it was taken."""
    with work_folder(field) as folder:
        place = maker(folder)
        try:
            read_submission(field.task, place)
        except SubmissionRefused as refusal:
            told = called("grade", field.task.id, place)
            in_words = told.err.startswith(f"In the submission: {refusal.what}\n") and "What to do: " in told.err
            plain = all(letter.isprintable() for letter in told.err.replace("\n", ""))
            return refusal.kind if (told.status, told.out, in_words, plain) == (2, "", True, True) else f"{told}"
        return ""
