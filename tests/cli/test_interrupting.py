"""Ctrl-C, a polite kill and a hard one, in each phase: what a command started ends with it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from tests.cli.conftest import changed_by
from tests.cli.terminal import CTRL_C, DJUDGE, Terminal, files_left, private_places

from djudge.engine.folders import data_folder
from djudge.engine.packs.model import Task
from djudge.engine.packs.workspace import lay_out


@contextmanager
def running(command: Sequence[str], data: Path) -> Iterator[Terminal]:
    """A command in a terminal; afterwards it must have left no process, no file and no server's memory."""
    memory = Path("/proc/sysvipc/shm").read_text().count("\n")
    with private_places(data) as environ, Terminal([*DJUDGE, *command], environ) as terminal:
        yield terminal
        assert terminal.left() == []
        assert files_left(environ) == []
    assert Path("/proc/sysvipc/shm").read_text().count("\n") <= memory + 6  # others grade on this machine as well


@pytest.fixture
def work(tmp_path: Path, task: Task) -> Path:
    """A submission in a workspace, so that it can be tried and graded."""
    place = tmp_path / "work"
    lay_out(task, place)
    for path, content in changed_by(task, "junior").items():
        (place / path).write_bytes(content)
    return place


@pytest.mark.parametrize(
    ("options", "phase"),
    [
        ([], "starting: the zygote"),
        ([], "starting: PostgreSQL"),
        (["--seed", "{new}"], "building the data"),
        ([], "budget: measuring"),
        ([], "observing: 3 of"),
        ([], "judging"),
        (["--own-code"], "observing: 3 of"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value).replace("{new}", "new"),
)
def test_ctrl_c_while_grading_leaves_nothing(work: Path, fresh_budgets: Path, options: list[str], phase: str) -> None:
    data = fresh_budgets if phase.startswith("budget") else data_folder()
    command = ["grade", "SH4", str(work), *(option.format(new=os.urandom(4).hex()) for option in options)]
    with running(command, data) as terminal:
        terminal.read_until(phase)
        terminal.press(CTRL_C)
        status = terminal.wait()
        if phase == "judging" and status == 0:
            return  # it takes some milliseconds, and may be over before the key is down
        assert status == 130
        assert terminal.text.rstrip().endswith("Stopped. Nothing was left running.")
        assert "Traceback" not in terminal.text


def test_an_impatient_second_ctrl_c_does_not_break_the_cleaning_up(work: Path) -> None:
    with running(["grade", "SH4", str(work)], data_folder()) as terminal:
        terminal.read_until("observing: 2 of")
        for _ in range(5):
            terminal.press(CTRL_C)
            time.sleep(0.02)
        assert terminal.wait() == 130
        assert "Traceback" not in terminal.text


@pytest.mark.parametrize("command", ["try", "doctor", "verify --jobs 2 SH4"])
def test_ctrl_c_in_other_commands_leaves_nothing(work: Path, command: str) -> None:
    name, *arguments = command.split()
    with running([name, *arguments, *([str(work)] if name == "try" else [])], data_folder()) as terminal:
        if name == "try":
            terminal.read_until("trying: the visible tests")
        deadline = time.monotonic() + 30
        while not any("postgres" in " ".join(_line(process)) for process in terminal.look()):
            terminal._read(0.02)
            assert time.monotonic() < deadline
        terminal.press(CTRL_C)
        assert terminal.wait() == 130
        assert "Traceback" not in terminal.text


def test_a_polite_kill_is_like_ctrl_c(work: Path) -> None:
    with running(["grade", "SH4", str(work)], data_folder()) as terminal:
        terminal.read_until("observing: 2 of")
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.wait() == 130


def test_a_terminal_that_is_closed_ends_the_grading(work: Path) -> None:
    with private_places(data_folder()) as environ:
        terminal = Terminal([*DJUDGE, "grade", "SH4", str(work)], environ)
        with terminal:
            terminal.read_until("observing: 2 of")
            os.close(terminal._master)
            terminal._master = os.open(os.devnull, os.O_RDONLY)
            assert terminal.process.wait(30) in (130, 1, 3)
            assert terminal.left() == []
            assert files_left(environ) == []


def test_when_the_judge_is_killed_everything_below_it_dies(work: Path) -> None:
    with private_places(data_folder()) as environ, Terminal([*DJUDGE, "grade", "SH4", str(work)], environ) as terminal:
        terminal.read_until("observing: 3 of")
        below = terminal.look()
        assert {"postgres", "python"} <= {name.partition("3")[0] for name in map(_name, below)}
        terminal.process.kill()
        assert terminal.process.wait() == -signal.SIGKILL
        assert terminal.left() == []


def _line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return ""
