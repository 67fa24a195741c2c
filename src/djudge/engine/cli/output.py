"""Where a command writes what it was asked for: files that are tried before the work, not after it."""

from __future__ import annotations

import os
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
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OperatorFault(f"{file} can't be written ({error.strerror}).", "Name another file.") from error


def _on_disk(files: Iterable[Path]) -> Iterable[Path]:
    return (file for file in files if file != STANDARD)


def _obstacle(file: Path) -> str:
    if file.is_dir():
        return "it is a folder"
    if not file.parent.is_dir():
        return f"there is no folder {file.parent}"
    if not os.access(file if file.exists() else file.parent, os.W_OK):
        return "permission denied"
    return ""
