"""Ctrl-C in the middle of a check: everything that it started is gone, the project's processes too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.checking.conftest import PROJECT, SEED


@pytest.mark.usefixtures("installed")
def test_a_check_that_is_interrupted_leaves_nothing_running(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "djudge.engine.cli.entry", "check", PROJECT, "--command", SEED],
        env={**os.environ, "DJUDGE_SCRATCH": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    assert any("crawling" in line for line in running.stderr)
    assert of_the_project(tmp_path)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert said.strip() == "Stopped. Nothing was left running."
    assert not of_the_project(tmp_path)
    assert not list(tmp_path.iterdir())


def of_the_project(scratch: Path) -> list[str]:
    """Processes that were told of this scratch folder."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                told = (process / "environ").read_bytes()
                command = (process / "cmdline").read_bytes()
            except OSError:
                continue
            if b"djudge.driver" in command and str(scratch).encode() in told:
                found.append(process.name)
    return found
