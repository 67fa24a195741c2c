"""Let a server's user reach folders that lie below somebody's closed home, without touching the home's mode.

As root the server runs under a uid of its own, which can't pass through `/root` or `/home/somebody` (0700). In a mount
namespace of the server alone, the closed folder is covered by an empty one in which only the needed folders appear, at
the same paths.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

_NEW_MOUNT_NAMESPACE: Final = 0x00020000
_MS_NOSUID: Final = 2
_MS_NODEV: Final = 4
_MS_BIND: Final = 4096
_MS_REC: Final = 16384
_MS_PRIVATE: Final = 1 << 18

_libc = ctypes.CDLL(None, use_errno=True)


class Identity(Protocol):
    """A user and group by number."""

    @property
    def uid(self) -> int: ...
    @property
    def gid(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Passage:
    """Closed folders to cover, and the folders to show in them. Empty when nothing is in the way."""

    covers: tuple[Path, ...]
    shown: tuple[Path, ...]

    def __bool__(self) -> bool:
        return bool(self.covers)


def passage_for(identity: Identity, needed: Iterable[Path]) -> Passage:
    """What must be covered and shown so that this user reaches all needed folders."""
    closed = {folder: _closed_ancestor(folder.resolve(), identity) for folder in needed}
    covers = sorted({cover for cover in closed.values() if cover})
    outermost = [cover for cover in covers if not any(other in cover.parents for other in covers)]
    shown = sorted(folder.resolve() for folder, cover in closed.items() if cover)
    return Passage(tuple(outermost), tuple(shown))


def _closed_ancestor(folder: Path, identity: Identity) -> Path | None:
    for ancestor in reversed(folder.parents):
        if not _may_pass(ancestor, identity):
            return ancestor
    return None


def _may_pass(folder: Path, identity: Identity) -> bool:
    facts = folder.stat()
    if facts.st_uid == identity.uid:
        return bool(facts.st_mode & stat.S_IXUSR)
    if facts.st_gid == identity.gid:
        return bool(facts.st_mode & stat.S_IXGRP)
    return bool(facts.st_mode & stat.S_IXOTH)


def open_passage(passage: Passage) -> None:
    """Take a mount namespace of one's own and lay the passage. For root's child, before its uid changes.

    Raises OSError.
    """
    _call(_libc.unshare(_NEW_MOUNT_NAMESPACE), "unshare")
    _mount(None, "/", None, _MS_REC | _MS_PRIVATE)
    handles = [os.open(folder, os.O_PATH | os.O_DIRECTORY) for folder in passage.shown]
    for cover in passage.covers:
        _mount("tmpfs", str(cover), "tmpfs", _MS_NOSUID | _MS_NODEV, "mode=0755,size=1m")
    _show(passage.shown, handles)


def _show(folders: Sequence[Path], handles: Sequence[int]) -> None:
    for folder, handle in zip(folders, handles, strict=True):
        folder.mkdir(parents=True, exist_ok=True)
        _mount(f"/proc/self/fd/{handle}", str(folder), None, _MS_BIND | _MS_REC)
        os.close(handle)


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    encoded = [word.encode() if word is not None else None for word in (source, target, kind, data)]
    done = _libc.mount(encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3])
    _call(done, f"mount {target}")


def _call(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
