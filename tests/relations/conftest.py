"""The golden apps on a real server: one cluster, a database each, tables and rows made by the pack's own Django."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from djudge.engine.folders import packs_folder, scratch_folder
from djudge.engine.identities import claim_identities
from djudge.engine.packs.environments import environment_for
from djudge.engine.packs.loading import discover
from djudge.engine.postgres.binaries import find_binaries
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.databases import create_database
from djudge.engine.probes import relation_schema, relations
from djudge.engine.values import Json

HERE = Path(__file__).resolve().parent
GOLDEN = HERE / "golden"

#: What the judge would put in: brands and tags that several products share.
GOODS = [
    ["Kettle of Ulm", "Orrinvale", ["quarrel", "tundra"]],
    ["Lamp of Ulm", "Orrinvale", ["tundra", "velour"]],
    ["Chair of Bern", "Maddock", ["quarrel", "velour", "tundra"]],
    ["Spoon of Bern", "Maddock", ["velour"]],
]
WORDS = {"brand": ["Orrinvale", "Maddock"], "tag": ["quarrel", "tundra", "velour"]}


@dataclass(frozen=True)
class Golden:
    """An app: its text and what PostgreSQL holds of it."""

    name: str
    text: Json
    schema: Json


def names(kind: str) -> list[str]:
    return sorted(folder.name for folder in (GOLDEN / kind).iterdir() if (folder / "shop/models.py").is_file())


def files_of(folder: Path) -> dict[str, bytes | None]:
    """An app as a candidate would hand it in."""
    return {f"shop/{file.name}": file.read_bytes() for file in sorted((folder / "shop").glob("*.py"))}


@pytest.fixture(scope="session")
def golden() -> Iterator[Mapping[str, Golden]]:
    """All golden apps by kind and name. About five seconds for all of them."""
    identities = claim_identities()
    try:
        with (
            scratch_folder() as scratch,
            Cluster(folder=scratch, binaries=find_binaries(), identity=identities.server) as cluster,
        ):
            yield _made(cluster)
    finally:
        identities.release()


def _made(cluster: Cluster) -> dict[str, Golden]:
    folders = [GOLDEN / kind / name for kind in ("must", "must-not") for name in names(kind)]
    databases = [create_database(cluster) for _ in folders]
    logins = [database.login() for database in databases]
    orders = [
        {
            "folder": str(folder),
            "goods": GOODS,
            "dbname": login.database,
            "user": login.role,
            "password": login.password,
            "host": str(cluster.socket_folder),
        }
        for folder, login in zip(folders, logins, strict=True)
    ]
    _fill(orders)
    found = {}
    for folder, database in zip(folders, databases, strict=True):
        with database.arrange() as connection:
            schema = relation_schema.read(connection, WORDS)
        name = folder.relative_to(GOLDEN).as_posix()
        found[name] = Golden(name, relations.observe_text(files_of(folder)), schema)
    return found


def _fill(orders: list[dict[str, object]]) -> None:
    pack = next(pack for pack in discover(packs_folder()).packs if pack.name == "shop")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(HERE / "filling.py")],
        input=json.dumps(orders),
        env={"PYTHONPATH": str(environment_for(pack)), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-4000:]
