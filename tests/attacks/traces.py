"""What a case must leave as it was: everything of ours that can be seen of this machine from outside."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from djudge.engine.sandbox.contract import Identity
from djudge.guest.standing import STANDING
from tests.attacks.battery import Field

#: What runs call their databases and roles; templates have other names.
_RUNS: Final = re.compile(r"d[0-9a-f]{20}(_\d+)?")

#: A supervisor has reported a moment before it is gone itself.
_PATIENCE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Traces:
    """Others work on this machine too, so only what this process or its guests' user made is looked at."""

    seen: frozenset[str]

    @classmethod
    def taken(cls, field: Field) -> Traces:
        """Look now."""
        mounts = Path("/proc/self/mountinfo").read_text().splitlines()
        found = (*_processes(field.identity), *mounts, *_system_v(field.identity), *_files(field), *_server(field))
        return cls(frozenset(found))

    def left_in(self, field: Field) -> list[str]:
        """What is there in a moment and was not there before."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while (left := Traces.taken(field).seen - self.seen) and time.monotonic() < end:
            time.sleep(0.02)
        return sorted(left)


def _processes(identity: Identity | None) -> Iterator[str]:
    """Guests and their supervisors: below us and inside a zygote's process namespace, or of the guests' user."""
    ours = {process.pid for process in psutil.Process().children(recursive=True)}
    for pid in psutil.pids():
        try:
            status = _status(pid)
        except OSError:
            continue
        is_guest = pid in ours and _inner(status) not in ([], ["1"]) and not _stands_ready(status)
        if is_guest or (identity and int(status["Uid"].split()[0]) == identity.uid):
            yield f"process {pid} {status['Name'].strip()}"


def _inner(status: Mapping[str, str]) -> list[str]:
    """Its numbers in the namespaces below ours: none for us, one for a zygote and supervisors, two for guests."""
    return status.get("NSpid", "").split()[1:]


def _stands_ready(status: Mapping[str, str]) -> bool:
    """Whether it is a jail that waits for the next guest. A guest may take its name, but not give it its supervisor."""
    if status["Name"].strip() != STANDING:
        return False
    if len(_inner(status)) == 1:
        return True
    try:
        parent = _status(int(status["PPid"]))
    except OSError:
        return True
    return _inner(status)[1:] == ["1"] and len(_inner(parent)) == 1 and parent["Name"].strip() == STANDING


def _status(pid: int) -> dict[str, str]:
    return dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)


def _system_v(identity: Identity | None) -> Iterator[str]:
    """Of the guests' user; an ordinary user's guests have no name of their own out here."""
    for kind in ("shm", "sem", "msg"):
        names, *rows = [line.split() for line in Path(f"/proc/sysvipc/{kind}").read_text().splitlines()]
        for row in (dict(zip(names, row, strict=True)) for row in rows):
            if identity and identity.uid in (int(row["uid"]), int(row["cuid"])):
                yield f"{kind} {row[f'{kind}id' if kind != 'msg' else 'msqid']}"


def _files(field: Field) -> Iterator[str]:
    """What the engine has in its scratch folder, and what guests have where everybody may write."""
    yield from (name for name in os.listdir(field.scratch) if name not in field.kept)
    for folder in ("/tmp", "/dev/shm", "/var/tmp"):
        with os.scandir(folder) as entries:
            yield from (entry.path for entry in entries if _is_of_guests(entry, field))


def _is_of_guests(entry: os.DirEntry[str], field: Field) -> bool:
    """What others make and take away there meanwhile, a browser's lock say, is gone and no trace."""
    try:
        return field.identity is not None and entry.stat(follow_symlinks=False).st_uid == field.identity.uid
    except FileNotFoundError:
        return False


def _server(field: Field) -> Iterator[str]:
    """Databases, roles, their settings and sessions of runs, in the slot's server."""
    for name in field.names_in_the_server():
        if _RUNS.fullmatch(name):
            yield f"in the server: {name}"
