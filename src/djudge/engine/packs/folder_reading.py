"""Reads a folder that somebody else may be changing: plain files only, through descriptors, never through a
link.

Every step opens one name below an open folder with `O_NOFOLLOW`, and looks at what was opened instead of at
what was there before. A name that turns into a link, a device or a pipe between two steps is refused.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from djudge.engine.errors import SubmissionRefused
from djudge.engine.packs.intake import Intake
from djudge.engine.packs.names import is_ignored_file, is_ignored_folder, show

_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC

_SPECIAL: Final = {
    stat.S_IFLNK: ("a link", "link"),
    stat.S_IFIFO: ("a pipe", "special_file"),
    stat.S_IFSOCK: ("a socket", "special_file"),
    stat.S_IFBLK: ("a device", "special_file"),
    stat.S_IFCHR: ("a device", "special_file"),
}


def read_folder(folder: Path) -> dict[str, bytes]:
    """All files below a folder by their relative paths; `SubmissionRefused` for anything but plain files in
    folders.

    The named folder itself may be reached through a link; nothing in it may.
    """
    intake = Intake()
    with _blaming(str(folder.name)):
        descriptor = os.open(folder, _FOLDER)
    try:
        _read_below(descriptor, "", intake)
    finally:
        os.close(descriptor)
    return dict(sorted(intake.files.items()))


def _read_below(folder: int, prefix: str, intake: Intake) -> None:
    for name in _names(folder, prefix, intake):
        path = prefix + name
        with _blaming(path):
            mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
        if is_ignored_folder(name) or is_ignored_file(name):
            continue
        _refuse_special(path, mode)
        admitted = intake.admit(path)
        if admitted is None:
            continue
        if stat.S_ISDIR(mode):
            _read_folder_entry(folder, name, path, intake)
        else:
            intake.add(admitted, _read_file_entry(folder, name, path, intake.room() + 1))


def _names(folder: int, prefix: str, intake: Intake) -> list[str]:
    names = []
    with _blaming(prefix or "."), os.scandir(folder) as entries:
        for entry in entries:
            intake.count_entry()
            names.append(entry.name)
    return sorted(names)


def _read_folder_entry(parent: int, name: str, path: str, intake: Intake) -> None:
    with _blaming(path):
        descriptor = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=parent)
    try:
        _read_below(descriptor, f"{path}/", intake)
    finally:
        os.close(descriptor)


def _read_file_entry(parent: int, name: str, path: str, limit: int) -> bytes:
    with _blaming(path):
        descriptor = os.open(name, _FILE, dir_fd=parent)
        with open(descriptor, "rb", closefd=True) as file:
            status = os.fstat(descriptor)
            _refuse_special(path, status.st_mode)
            if status.st_nlink > 1:
                _refuse(path, "a hard link: the same file has another name elsewhere", "link")
            return file.read(limit)


def _refuse_special(path: str, mode: int) -> None:
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        what, kind = _SPECIAL.get(stat.S_IFMT(mode), ("no plain file", "special_file"))
        _refuse(path, what, kind)


def _refuse(path: str, what: str, kind: str) -> None:
    raise SubmissionRefused(
        f"{show(path)} is {what}.", "Put a copy of the file in its place.", kind=kind, file=show(path)
    )


@contextmanager
def _blaming(path: str) -> Iterator[None]:
    """Turns what the system says about a name into a refusal."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOENT, errno.ENOTDIR, errno.ENXIO}:
            raise SubmissionRefused(
                f"{show(path)} changed while it was read, or is not there.",
                "Try again when nothing writes to it.",
                kind="changed_while_read",
                file=show(path),
            ) from error
        raise SubmissionRefused(
            f"{show(path)} can't be read ({error.strerror}).",
            "Make it readable.",
            kind="unreadable",
            file=show(path),
        ) from error
