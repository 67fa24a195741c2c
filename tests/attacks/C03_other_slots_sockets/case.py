"""Connects to the database socket of another slot by its path.

The guest's root holds the folder of its own database and no other. The control leaves out the root and reaches it.
"""

import socket

from tests.attacks.battery import Attempted, Field, Outcome
from tests.attacks.secret_file import secret_file

from djudge.engine.sandbox.contract import Layer

REASON = "ENOENT from connect"
TRIES = ("by its path", "below the host", "around the own folder", "around the own socket")

SOURCE = """
import socket
from calls import told

def attack(path):
    def connect(where):
        with socket.socket(socket.AF_UNIX) as one:
            one.connect(where)
    name = path.split("/")[-2]
    return {
        "by its path": told(connect, path),
        "below the host": told(connect, f"/host{path}"),
        "around the own folder": told(connect, f"/run/postgresql/../{name}/.s.PGSQL.5432"),
        "around the own socket": told(connect, f"/run/{name}/.s.PGSQL.5432"),
    }
"""


def attempt(field: Field) -> Outcome:
    return _try(field, []).refused(REASON, dict.fromkeys(TRIES, "ENOENT"))


def control(field: Field) -> Outcome:
    return _try(field, [Layer.MOUNTS, Layer.LANDLOCK]).achieved(["below the host"])


def _try(field: Field, without: list[Layer]) -> Attempted:
    with secret_file(field) as secret, socket.socket(socket.AF_UNIX) as server:
        path = secret.parent / ".s.PGSQL.5432"
        server.bind(str(path))
        server.listen()
        path.chmod(0o777)
        return field.program(SOURCE, str(path), without=without)
