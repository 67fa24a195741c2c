"""The same sandbox for an ordinary user: what depends on who runs it is tried once more without the rights of root."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.plain_user import UID, run_as_plain_user
from tests.sandbox.conftest import is_root

ROOT = Path(__file__).parents[2]
#: Each layer, each limit of the watchdog, and the ways to end.
ONCE_MORE = (
    "(test_isolation and not holds_no_engine) or test_services or test_honest_code or is_set_up or fork_bomb "
    "or orphans_in or children_is_summed or memory_bomb or judge_is_killed or every_layer_is_tried"
)

pytestmark = pytest.mark.plain_user


def test_a_plain_user_is_one_and_finds_the_interpreter() -> None:
    if not is_root():
        pytest.skip("needs root to begin with")
    code = "import os, sys; print(os.getuid(), os.getgroups())"
    done = run_as_plain_user([sys.executable, "-c", code])
    assert done.stdout == f"{UID} []\n".encode(), done.stderr
    assert run_as_plain_user([sys.executable, "-c", "open('/etc/shadow')"]).returncode == 1


def test_every_layer_works_for_an_ordinary_user() -> None:
    if not is_root():
        pytest.skip("needs root to begin with")
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not plain_user", "-k", ONCE_MORE,
        "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), str(ROOT / "tests/sandbox"),
    ]  # fmt: skip
    done = run_as_plain_user(command, {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
