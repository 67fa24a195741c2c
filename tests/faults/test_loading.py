"""Ctrl-C while the command is still loading its own code: one line, no traceback, nothing started."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

#: The command with an eye on what it loads: it stands still where the named module is loaded, and says so.
STANDING = """
import sys, time
class Stand:
    def find_spec(self, name, *_):
        if name == {module!r}:
            print("here", flush=True)
            time.sleep(60)
from djudge.engine.cli.entry import main
sys.meta_path.insert(0, Stand())
sys.argv = ["djudge", "tasks"]
main()
"""


@pytest.mark.parametrize("module", ["click", "rich.console", "djudge.engine.slot", "djudge.engine.cli.verify"])
def test_ctrl_c_while_the_commands_are_loaded_ends_with_one_line(module: str) -> None:
    code = STANDING.format(module=module)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as command:
        assert command.stdout is not None
        assert command.stdout.readline() == b"here\n"
        command.send_signal(signal.SIGINT)
        _, said = command.communicate(timeout=60)
    assert command.returncode == 130
    assert said.decode() == "Stopped. Nothing was left running.\n"


def test_a_command_that_is_not_interrupted_runs_and_says_how_it_ended() -> None:
    command = [sys.executable, "-m", "djudge.engine.cli.entry"]
    done = subprocess.run([*command, "tasks"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "SH4" in done.stdout
    wrong = subprocess.run([*command, "grade", "nothing", "."], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr
