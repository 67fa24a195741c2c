"""Hands in a folder in which a place of ours is a link, a hard link, a pipe, a device, a socket, a folder or a file.

Each name is opened below an open folder without following links, and what was opened is looked at. What comes in is
bytes, and they are written into an empty tree of the guest's own. The control copies the folder as ordinary tools do,
and holds the secret that a link leads to.
"""

import os
import shutil
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.attacks.battery import Field, Outcome
from tests.attacks.commands import handed_in, work_folder
from tests.attacks.secret_file import secret_file

REASON = "each refused as what it is, and the secret untouched"
VIEWS = "catalogue/views.py"

type Put = Callable[[Path], object]


def _socket(place: Path) -> None:
    home = os.getcwd()
    os.chdir(place.parent)  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(place.name)
    finally:
        os.chdir(home)


def _file_inside(place: Path) -> None:
    place.mkdir()
    (place / "a.py").write_text("mine = True\n")


def _locked_folder(place: Path) -> None:
    """Root reads it all the same, and finds a link in it."""
    place.mkdir()
    (place / "a.py").symlink_to("/etc/passwd")
    place.chmod(0)


def _linked_below(secret: Path, place: Path) -> None:
    place.parent.rmdir()
    place.parent.symlink_to(secret.parent)


def _puts(secret: Path) -> dict[str, tuple[str, Put]]:
    """What stands in each place, and as what it has to be refused."""
    return {
        "link": ("link", lambda place: place.symlink_to(secret)),
        "link to nowhere": ("link", lambda place: place.symlink_to("/nonexistent/file")),
        "link to itself": ("link", lambda place: place.symlink_to(place.name)),
        "link of a process": ("link", lambda place: place.symlink_to("/proc/self/environ")),
        "linked folder": ("link", partial(_linked_below, secret)),
        "hard link": ("link", lambda place: place.hardlink_to(secret)),
        "pipe": ("special_file", os.mkfifo),
        "socket": ("special_file", _socket),
        "folder": ("name", _file_inside),
        "locked folder": ("link" if os.geteuid() == 0 else "unreadable", _locked_folder),
        **({"device": ("special_file", _device)} if os.geteuid() == 0 else {}),
    }


def _device(place: Path) -> None:
    os.mknod(place, 0o020666, os.makedev(1, 5))


def _handed(put: Put, folder: Path) -> Path:
    place = folder / "work" / VIEWS
    place.parent.mkdir(parents=True)
    put(place)
    return folder / "work"


def attempt(field: Field) -> Outcome:
    with secret_file(field) as secret:
        puts = _puts(secret)
        makers = {name: partial(_handed, put) for name, (_, put) in puts.items()}
        outcome = handed_in(field, makers, {name: kind for name, (kind, _) in puts.items()}, REASON)
        unchanged = secret.read_text() == field.canary and secret.stat().st_nlink == 1
    return outcome if unchanged else Outcome(succeeded=True, reason="the secret was changed")


def control(field: Field) -> Outcome:
    with secret_file(field) as secret, work_folder(field) as folder:
        handed = _handed(lambda place: place.symlink_to(secret), folder)
        copied = shutil.copytree(handed, folder / "copy") / VIEWS
        read = copied.read_text()
        os.remove(copied)
    return Outcome(succeeded=read == field.canary, reason="the copy holds no secret")
