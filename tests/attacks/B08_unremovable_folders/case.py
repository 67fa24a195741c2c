"""Leaves what is hard to remove where it may write: locked folders, endless depth, links, sockets, names of all kinds.

The places are file systems of the guest's own, and nobody removes anything: they end with its namespace. The control
leaves the same in a folder of the host, where it stays until somebody forces the locks.
"""

import os
import subprocess
from pathlib import Path

from tests.attacks.battery import Field, Outcome
from tests.attacks.secret_file import secret_file

from djudge.engine.sandbox.contract import Layer

REASON = "nothing of it is there"
PLACES = ("/tmp", "/dev/shm")
LEFT = ("deep", "link", "locked", "socket")

SOURCE = r"""
import os, socket
from calls import told

def deep():
    os.mkdir("deep")
    os.chdir("deep")
    for _ in range(60):
        os.mkdir("d" * 255)
        os.chdir("d" * 255)
    os.chmod(".", 0)

def locked():
    os.mkdir("locked")
    os.mkdir("locked/inside")
    open("locked/-rf \n\x1b[2J", "wb").close()
    os.chmod("locked/inside", 0)
    os.chmod("locked", 0)

def bound():
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("socket")

def attack(*places):
    said, home = {}, os.getcwd()
    for place in places:
        for step in (deep, locked, bound, lambda: os.symlink("/", "link")):
            os.chdir(place)
            said[f"{place} {step.__name__}"] = told(step)
        os.chdir(home)
    return said
"""
LOOKING = """
import os

def attack(*places):
    return [name for place in places for name in os.listdir(place)]
"""


def attempt(field: Field) -> Outcome:
    tried = field.program(SOURCE, *PLACES)
    if not tried.said or any(tried.said.values()):
        return Outcome(succeeded=False, reason=f"could not leave it: {tried.said} {tried.stopped_by}")
    left = field.program(LOOKING, *PLACES).said
    return Outcome(succeeded=bool(left), reason=str(left) if left else REASON)


def control(field: Field) -> Outcome:
    with secret_file(field) as secret:
        place = secret.parent / "place"
        place.mkdir()
        place.chmod(0o777)
        field.program(SOURCE, f"/host{place}", without=[Layer.MOUNTS, Layer.LANDLOCK])
        left = sorted(os.listdir(place))
        _force(place)
    return Outcome(succeeded=left == list(LEFT), reason=f"left {left}")


def _force(place: Path) -> None:
    for folder in (place / "locked", place / "locked/inside"):
        folder.chmod(0o700)
    subprocess.run(["chmod", "-R", "u+rwx", str(place)], check=True)
    subprocess.run(["rm", "-rf", "--", *map(str, place.iterdir())], check=True)
