"""A check as an ordinary user: without root there are no other users, and the same report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.checking.conftest import PROJECT, SEED
from tests.cli.conftest import plain_data
from tests.cli.terminal import DJUDGE, private_places
from tests.plain_user import UID, run_as_plain_user

__all__ = ["plain_data"]

pytestmark = pytest.mark.plain_user


def test_an_ordinary_user_checks_a_project(plain_data: Path, packages: Path) -> None:
    with private_places(plain_data, UID) as environ:
        wanted = {name: environ[name] for name in ("DJUDGE_DATA", "DJUDGE_SCRATCH", "TMPDIR")}
        command = [*DJUDGE, "check", str(PROJECT), "--command", SEED, "--pages", "40", "--json", "-"]
        done = run_as_plain_user(command, {**wanted, "PYTHONPATH": str(packages)})
        assert done.returncode == 0, done.stderr.decode()
        assert not list(Path(environ["DJUDGE_SCRATCH"]).iterdir())
    slow = next(each for each in json.loads(done.stdout)["addresses"] if each["address"] == "/slow/")
    assert (slow["before"], slow["after"]) == (13, 61)
