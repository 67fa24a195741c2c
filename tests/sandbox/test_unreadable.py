"""A process that can't be measured is ended: what the watchdog may not read it takes for more than is allowed."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.plain_user import run_as_plain_user
from tests.sandbox.conftest import ending_of, is_root

from djudge.engine.sandbox.contract import Layer, Limits
from djudge.engine.sandbox.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
SMALL = Limits(wall_seconds=20, cpu_seconds=10, memory_mb=96, processes=16)

#: Without the filter this call goes through, and the kernel then shows what is shared to nobody but real root.
HIDING = """
    import ctypes, time
    PR_SET_DUMPABLE = 4
    assert ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, {dumpable}, 0, 0, 0) == 0
    held = [bytearray(b"x" * 2**20) for _ in range(150)]
    time.sleep(10)
"""
HOLDING = """
import time
held = [bytearray(b"x" * 2**20) for _ in range(150)]
print("full", flush=True)
time.sleep(60)
"""
LOOKING = """
import sys
from djudge.guest.kernel_memory import KernelMemory
from djudge.guest.order import Bounds
from djudge.guest.processes import ProcessList
from djudge.guest.watchdog import Watchdog
bounds = Bounds(wall_seconds=60, cpu_seconds=60, memory_mb=96, processes=16, disk_mb=1, inodes=1, output_kb=1,
                response_mb=1)
processes = ProcessList("/proc", int(sys.argv[1]))
print(Watchdog(bounds, processes, KernelMemory(has_network=False, proc="")).verdict())
"""


@pytest.mark.parametrize(("dumpable", "of_a_plain_user"), [(1, "memory_limit"), (0, "unreadable")])
def test_a_guest_that_hides_its_memory_is_ended_all_the_same(
    bare: Callable[..., Sandbox], dumpable: int, of_a_plain_user: str
) -> None:
    """The supervisor of a judge who is root can read it nevertheless; that of an ordinary user can't."""
    fault, ending = ending_of(bare(Layer.SECCOMP), HIDING.format(dumpable=dumpable), SMALL)
    assert ending.reason == ("memory_limit" if is_root() else of_a_plain_user)
    assert fault.kind == ("died" if ending.reason == "unreadable" else "memory_limit")


@pytest.mark.plain_user
def test_so_it_is_for_an_ordinary_user() -> None:
    if not is_root():
        pytest.skip("needs root to begin with")
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not plain_user",
        "-k", "hides_its_memory",
        "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), str(ROOT / "tests/sandbox/test_unreadable.py"),
    ]  # fmt: skip
    done = run_as_plain_user(command, {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    assert b"2 passed" in done.stdout


@pytest.fixture
def hungry() -> Iterator[int]:
    """The parent of a process of root's that holds more than is allowed."""
    command = f"{shlex.quote(sys.executable)} -c {shlex.quote(HOLDING)} & wait"
    with subprocess.Popen(["sh", "-c", command], stdout=subprocess.PIPE, start_new_session=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"full\n"
        yield parent.pid
        os.killpg(parent.pid, signal.SIGKILL)


@pytest.mark.plain_user
def test_a_watchdog_that_is_not_let_near_a_process_has_it_killed(hungry: int) -> None:
    if not is_root():
        pytest.skip("needs root to begin with")
    looking = [sys.executable, "-c", LOOKING, str(hungry)]
    with_rights = subprocess.run(looking, capture_output=True, text=True, check=True, cwd=ROOT)
    assert with_rights.stdout == "memory_limit\n"
    without = run_as_plain_user(looking, {"PYTHONPATH": str(ROOT / "src")})
    assert without.stdout == b"unreadable\n", without.stderr
