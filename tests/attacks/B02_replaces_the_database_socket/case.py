"""Removes, moves, replaces or shuts the database's socket, so that others find a false server there.

Its folder is bound read-only, which lets connections pass and nothing else. In the control the root is left out, and
the same is done to the folder itself, which everybody may write to.
"""

import socket
from pathlib import Path

from tests.attacks.battery import Attempted, Field, Outcome
from tests.attacks.secret_file import secret_file

from djudge.engine.sandbox.contract import Layer

REASON = "EROFS from every change, and the server still there"
CHANGES = ("chmod", "utime", "new file", "new socket", "link", "rename", "unlink")

SOURCE = """
import os, socket
from calls import told

def serve(path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)

def connect(path):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)

def attack(folder):
    path = f"{folder}/.s.PGSQL.5432"
    return {
        "connect": "refused " + told(connect, path) if told(connect, path) else "connected",
        "chmod": told(os.chmod, f"{folder}/mine", 0),
        "utime": told(os.utime, f"{folder}/secret"),
        "new file": told(os.open, f"{folder}/new", os.O_CREAT | os.O_WRONLY),
        "new socket": told(serve, f"{folder}/.s.PGSQL.5433"),
        "link": told(os.symlink, "/etc/passwd", f"{folder}/linked"),
        "rename": told(os.rename, path, f"{folder}/moved"),
        "unlink": told(os.unlink, f"{folder}/secret"),
    }
"""


def attempt(field: Field) -> Outcome:
    tried, there = _try(field, "", [])
    outcome = tried.refused(REASON, {"connect": "connected", **dict.fromkeys(CHANGES, "EROFS")})
    return outcome if there else Outcome(succeeded=True, reason="the socket is gone")


def control(field: Field) -> Outcome:
    tried, there = _try(field, "/host", [Layer.MOUNTS, Layer.LANDLOCK])
    outcome = tried.achieved([name for name in CHANGES if name != "chmod"])
    return Outcome(succeeded=outcome.succeeded and not there, reason=outcome.reason)


def _try(field: Field, prefix: str, without: list[Layer]) -> tuple[Attempted, bool]:
    with secret_file(field) as secret, socket.socket(socket.AF_UNIX) as server:
        path = secret.parent / ".s.PGSQL.5432"
        server.bind(str(path))
        server.listen()
        path.chmod(0o777)
        (secret.parent / "mine").write_text("")
        folder = f"{prefix}{secret.parent}" if prefix else "/run/postgresql"
        tried = field.program(SOURCE, folder, without=without, socket_folder=secret.parent)
        return tried, path.exists() and secret.exists() and not Path(f"{path}3").exists()
