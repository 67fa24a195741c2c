"""Reads the file that lies beside the database's socket, and tells the server's process and where it keeps its data.

Nobody may read it, not even its owner, whose user is the guest's own where the judge is an ordinary user; and its mode
can't be changed through the guest's mount. The control leaves such a file open, and it is read.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import cluster_of
from tests.attacks.secret_file import secret_file

REASON = "EACCES from open, EROFS from chmod"

SOURCE = """
import os
from calls import told

def attack(path):
    return {"read": told(open, path), "chmod": told(os.chmod, path, 0o644), "read later": told(open, path)}
"""
LOCK = ".s.PGSQL.5432.lock"


def attempt(field: Field) -> Outcome:
    folder = cluster_of(field).socket_folder
    tried = field.program(SOURCE, f"/run/postgresql/{LOCK}", socket_folder=folder)
    return tried.refused(REASON, {"read": "EACCES", "chmod": "EROFS", "read later": "EACCES"})


def control(field: Field) -> Outcome:
    with secret_file(field) as secret:
        (secret.parent / LOCK).write_text(str(field.scratch))
        tried = field.program(SOURCE, f"/run/postgresql/{LOCK}", socket_folder=secret.parent)
    return tried.achieved(["read"])
