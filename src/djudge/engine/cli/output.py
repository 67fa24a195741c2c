"""Where a command writes what it was asked for: files that are tried before the work, not after it."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import click

from djudge.engine.errors import OperatorFault

#: Standard output, where one option names it.
STANDARD: Final = Path("-")

#: The type of an option that names such a file.
FILE: Final = click.Path(path_type=Path)


def require_writable(*files: Path | None) -> None:
    """Raise OperatorFault now for what could not be written when the work is done; nothing is written."""
    wanted = [file for file in files if file is not None]
    if wanted.count(STANDARD) > 1:
        raise OperatorFault("Standard output can take one document only.", "Name files for the others.")
    for file in _on_disk(wanted):
        why = _obstacle(file)
        if why:
            raise OperatorFault(f"{file} can't be written ({why}).", "Name another file.")


def write(text: str, file: Path | None) -> None:
    """Write a document where it was asked for, if it was. Raises OperatorFault when the file can't be written."""
    if file is None:
        return
    if file == STANDARD:
        click.echo(text)
        return
    try:
        _write_through(text.encode(), file)
    except OSError as error:
        raise OperatorFault(f"{file} can't be written ({error.strerror}).", "Name another file.") from error


def _write_through(content: bytes, file: Path) -> None:
    """Into the file of this name and no other: what became a link after it was looked at is not followed.

    A pipe that nobody reads is an error at once, instead of a wait without an end.
    """
    link = 0 if _is_of_the_system(file) else os.O_NOFOLLOW
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | link, 0o666)
    with open(descriptor, "wb") as opened:
        status = os.fstat(descriptor)
        if stat.S_ISREG(status.st_mode):
            if status.st_nlink > 1:
                raise OSError(errno.EMLINK, "the same file has another name elsewhere")
            os.ftruncate(descriptor, 0)
        os.set_blocking(descriptor, True)
        opened.write(content)


def _is_of_the_system(file: Path) -> bool:
    """Standard output and the like, which are links by nature: `/dev/stdout`, `/dev/fd/63`."""
    return file.parent in (Path("/dev"), Path("/dev/fd")) or file.is_relative_to("/proc")


def _on_disk(files: Iterable[Path]) -> Iterable[Path]:
    return (file for file in files if file != STANDARD)


def _obstacle(file: Path) -> str:
    if file.is_symlink() and not _is_of_the_system(file):
        return "it is a link"
    if file.is_dir():
        return "it is a folder"
    if file.is_file() and file.stat().st_nlink > 1:
        return "the same file has another name elsewhere"
    if not file.parent.is_dir():
        return f"there is no folder {file.parent}"
    if not os.access(file if file.exists() else file.parent, os.W_OK):
        return "permission denied"
    return ""
