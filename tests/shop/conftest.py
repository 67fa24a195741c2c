"""Stallhouse on a real server: as a site for browsers, and for its own tests."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from djudge.engine.folders import scratch_folder
from djudge.engine.identities import claim_identities
from djudge.engine.packs.environments import environment_for
from djudge.engine.packs.loading import discover
from djudge.engine.packs.model import Pack
from djudge.engine.postgres.binaries import find_binaries
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.databases import Database
from djudge.engine.system import RunningSystem

PACKS = Path(__file__).resolve().parents[2] / "packs"

Manage = Callable[..., "subprocess.CompletedProcess[str]"]


class AsVisitorsMeetIt(RunningSystem):
    """The site without DEBUG, which would show pages of Django's own where something is missing."""

    SERVE = ("runserver", "--noreload", "--insecure")

    def _environ(self, database: Database) -> dict[str, str]:
        return super()._environ(database) | {"DEBUG": "0"}


@pytest.fixture(scope="session")
def shop_pack() -> Pack:
    return next(pack for pack in discover(PACKS).packs if pack.name == "shop")


@pytest.fixture(scope="module")
def running(shop_pack: Pack) -> Iterator[RunningSystem]:
    """The shop with its two thousand products, its provider, and people who can sign in."""
    with AsVisitorsMeetIt(shop_pack) as running:
        running.start(lambda *_: None)
        yield running


@pytest.fixture(scope="module")
def site(running: RunningSystem) -> str:
    """Its address."""
    return running.address.rstrip("/")


@pytest.fixture(scope="module")
def manage(shop_pack: Pack) -> Iterator[Manage]:
    """`manage.py` of the shop on an empty server, as a candidate would call it."""
    password = secrets.token_urlsafe(12)
    identities = claim_identities()
    try:
        with (
            scratch_folder() as folder,
            Cluster(folder=folder, binaries=find_binaries(), identity=identities.server) as cluster,
        ):
            cluster.admin.execute(f"ALTER ROLE postgres PASSWORD '{password}'".encode())
            cluster.admin.execute("ALTER ROLE postgres SET log_statement = 'none'")
            cluster.admin.execute("ALTER ROLE postgres SET auto_explain.log_min_duration = -1")
            environ = {
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(environment_for(shop_pack)),
                "PYTHONDONTWRITEBYTECODE": "1",
                "DATABASE_URL": f"postgres://postgres:{password}@/postgres?host={cluster.socket_folder}",
            }

            def call(*arguments: str) -> subprocess.CompletedProcess[str]:
                return subprocess.run(
                    [sys.executable, "-W", "error", "manage.py", *arguments],
                    cwd=shop_pack.system,
                    env=environ,
                    capture_output=True,
                    text=True,
                    stdin=subprocess.DEVNULL,
                )

            yield call
    finally:
        identities.release()
