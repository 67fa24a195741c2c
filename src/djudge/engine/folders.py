"""Where things lie: the data folder (kept) and scratch folders (thrown away)."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from djudge.engine.errors import OperatorFault
from djudge.engine.leases import leased_folder, sweep

#: A slot needs room for one cluster with its templates and the clones of one run.
SCRATCH_BYTES: Final = 2 * 1024**3

#: Short, because the path of a socket below it may have 107 bytes.
_SCRATCH_PREFIX: Final = "djudge-run-"

_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 (what is made there is ours alone, under a random name)


def packs_folder() -> Path:
    """Where packs lie: `$DJUDGE_PACKS`, else `packs/` of the clone that this code runs from."""
    return Path(os.environ.get("DJUDGE_PACKS") or _clone() / "packs").absolute()


def data_folder() -> Path:
    """What is kept between runs (environments, ready clusters, budgets): `$DJUDGE_DATA`, else `var/` in the clone."""
    folder = Path(os.environ.get("DJUDGE_DATA") or _clone() / "var").absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    except OSError as error:
        raise OperatorFault(
            f"The data folder {folder} can't be made ({error.strerror}).",
            "Name another one in DJUDGE_DATA.",
        ) from error
    return folder


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder of our own that is gone afterwards: in shared memory where that has 2 GiB free, else on disk.

    Others may pass through it (0711) to what is opened for them by its own mode, and list nothing. What judges that
    were killed left behind goes first. Raises OperatorFault where no folder can be made.
    """
    parent = _scratch_parent()
    for place in {parent, _SHARED_MEMORY, Path(tempfile.gettempdir())}:
        sweep(place, _SCRATCH_PREFIX)
    with leased_folder(parent, _SCRATCH_PREFIX) as folder:
        folder.chmod(0o711)
        yield folder


def _scratch_parent() -> Path:
    named = os.environ.get("DJUDGE_SCRATCH")
    if named:
        return Path(named).absolute()
    usable = _SHARED_MEMORY.is_dir() and os.access(_SHARED_MEMORY, os.W_OK)
    if usable and shutil.disk_usage(_SHARED_MEMORY).free >= SCRATCH_BYTES:
        return _SHARED_MEMORY
    return Path(tempfile.gettempdir())


def _clone() -> Path:
    return Path(__file__).resolve().parents[3]
