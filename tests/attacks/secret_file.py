"""A file of the judge's side that everybody on the machine may read, so that only the jail keeps a guest from it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.attacks.battery import Field


@contextmanager
def secret_file(field: Field) -> Iterator[Path]:
    """A file with the canary in a folder where everybody may do everything; both are gone afterwards."""
    folder = field.scratch / "open-folder"
    folder.mkdir()
    folder.chmod(0o777)
    file = folder / "secret"
    file.write_text(field.canary)
    file.chmod(0o666)
    try:
        yield file
    finally:
        shutil.rmtree(folder)
