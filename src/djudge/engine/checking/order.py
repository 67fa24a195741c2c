"""What the operator asked for, and where their project is."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from djudge.engine.errors import OperatorFault

#: In the order in which people name the environment of a project.
_ENVIRONMENTS: Final = (".venv", "venv", "env")

_SETTINGS: Final = re.compile(r"""DJANGO_SETTINGS_MODULE["'][^"'\n]*["']([\w.]+)["']""")
_VARIABLE: Final = "DJANGO_SETTINGS_MODULE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One check. `interpreter` is the project's own Python; `names` are whom to sign in, nobody means: choose."""

    folder: Path
    settings: str
    interpreter: Path
    fixtures: tuple[Path, ...] = ()
    commands: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    host: str = "localhost"
    admin: bool = False
    times: int = 5
    pages: int = 400


def located_settings(folder: Path, named: str | None, environ: Mapping[str, str] = os.environ) -> str:
    """The settings module: the named one, the one of the environment, or what `manage.py` says.

    Raises OperatorFault where there is no such folder, or nothing says it.
    """
    if not folder.is_dir():
        raise OperatorFault(f"There is no folder {folder}.", "Name the folder that holds the project's manage.py.")
    found = named or environ.get(_VARIABLE) or _settings_of(folder / "manage.py")
    if found:
        return found
    if (folder / "manage.py").is_file():
        raise OperatorFault(f"{folder / 'manage.py'} does not say which settings.", "Name them with --settings.")
    raise OperatorFault(f"There is no manage.py in {folder}.", "Name the folder that holds it, or --settings.")


def located_interpreter(folder: Path, named: str | None, environ: Mapping[str, str] = os.environ) -> Path:
    """The Python that the project runs on: the named one, that of an environment in its folder or of the shell, ours.

    Raises OperatorFault where the named one is no program.
    """
    if named is not None:
        given = Path(named)
        program = given / "bin" / "python" if given.is_dir() else given
        if not os.access(program, os.X_OK) or program.is_dir():
            raise OperatorFault(
                f"There is no Python at {named}.", "Name the project's interpreter, such as .venv/bin/python."
            )
        return program.absolute()
    usable = (program for program in _environments(folder, environ) if os.access(program, os.X_OK))
    return next(usable, Path(sys.executable))


def _environments(folder: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    yield from (folder.absolute() / name / "bin" / "python" for name in _ENVIRONMENTS)
    if environ.get("VIRTUAL_ENV"):
        yield Path(environ["VIRTUAL_ENV"]) / "bin" / "python"


def _settings_of(manage: Path) -> str:
    try:
        found = _SETTINGS.search(manage.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return ""
    return found[1] if found else ""
