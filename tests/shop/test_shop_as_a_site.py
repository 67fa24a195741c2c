"""Stallhouse stands on its own: its own tests pass, and its migrations are what its models say."""

from __future__ import annotations

import re
import urllib.request
from dataclasses import replace

import pytest
from tests.shop.conftest import Manage

from djudge.engine.errors import TaskFault
from djudge.engine.packs.model import Pack
from djudge.engine.system import RunningSystem

#: So many there were when the pages were made; they may only become more.
AT_LEAST = 53


def test_the_systems_own_tests_pass(manage: Manage) -> None:
    done = manage("test", "--verbosity", "1")
    assert done.returncode == 0, done.stderr[-4000:]
    ran = re.search(r"Ran (\d+) tests", done.stderr)
    assert ran is not None
    assert int(ran[1]) > AT_LEAST


def test_nothing_is_missing_in_the_migrations_and_the_settings(manage: Manage) -> None:
    done = manage("makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout
    done = manage("check", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_a_program_beside_the_site_that_does_not_start_is_named_and_nothing_stays(shop_pack: Pack) -> None:
    (provider,) = shop_pack.services
    running = RunningSystem(replace(shop_pack, services=(replace(provider, module="nothing_there"),)))
    with pytest.raises(TaskFault, match="nothing_there"):
        running.start(lambda *_: None)
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(running.address)
