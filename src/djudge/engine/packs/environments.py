"""The packages that a pack's system runs on: a folder for each distinct lock file, made once and only ever
read.

`python -m djudge.engine.packs.environments` (part of `make setup`) makes the missing ones. Nothing is
downloaded later: a missing environment at run time is the operator's fault. A folder holds packages and
nothing of the judge or of this machine: no scripts, and byte code that was compiled as if it lay in `/env`,
where guests see it.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from djudge.engine.errors import DjudgeError, OperatorFault
from djudge.engine.folders import data_folder, packs_folder
from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.loading import discover_packs
from djudge.engine.packs.model import Pack

#: Where a guest sees its environment.
INSIDE: Final = "/env"

#: Raised when the way in which environments are made changes, so that old ones are left behind.
_RECIPE: Final = b"1"

#: Scripts name this machine's interpreter, the rest names where a package came from.
_LEFT_BEHIND: Final = ("bin", ".lock", "*.dist-info/direct_url.json", "*.dist-info/uv_cache.json")


def environment_for(pack: Pack) -> Path:
    """The folder of packages for a pack; `OperatorFault` when set-up has not made it."""
    folder = environment_folder(pack.requirements)
    if not folder.is_dir():
        raise OperatorFault(f"The packages of the pack {pack.name} are not installed.", "Run `make setup`.")
    return folder


def environment_folder(lock: Path) -> Path:
    """Where the environment of a lock file lies, made or not."""
    return data_folder() / "environments" / lock_digest(lock)


def lock_digest(lock: Path) -> str:
    """Names an environment by the lock file's bytes and the kind of interpreter, not by any path."""
    try:
        content = lock.read_bytes()
    except OSError as error:
        raise OperatorFault(f"The lock file {lock} can't be read ({error.strerror}).") from error
    kind = f"{sys.implementation.cache_tag} {sys.platform} {platform.machine()} {platform.libc_ver()[0]}"
    return hashlib.sha256(b"\0".join((_RECIPE, kind.encode(), content))).hexdigest()[:24]


def make_environment(lock: Path) -> Path:
    """Installs a lock file into its folder, all or nothing; does nothing where that is done.

    Two set-ups at once do no harm: the first to finish wins. Needs the network, or a cache that holds the
    packages.
    """
    folder = environment_folder(lock)
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="making-", dir=folder.parent) as scratch:
        fresh = Path(scratch, "env")
        _install(lock, fresh)
        _strip(fresh)
        _compile(fresh)
        try:
            fresh.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
    return folder


def _install(lock: Path, target: Path) -> None:
    options = ["--quiet", "--target", str(target), "--require-hashes", "--no-deps", "--only-binary", ":all:"]
    command = [*_installer(), *options, "--requirement", str(lock)]
    done = subprocess.run(command, env=_environ(), capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise OperatorFault(
            f"The packages of {lock} could not be installed:\n{done.stderr.strip()[-2000:]}\n",
            "Is the package index reachable, and does it have this interpreter's wheels?",
        )


def _installer() -> list[str]:
    """uv where it is found, else pip: the judge's own, or that of the interpreter which it was made from."""
    original = str(Path(sys.base_prefix, "bin", f"python3.{sys.version_info.minor}"))
    uv_options = ["pip", "install", "--python", sys.executable, "--link-mode", "copy"]
    pip_options = ["install", "--disable-pip-version-check", "--no-compile", "--no-input"]
    candidates = (
        (["uv"], uv_options),
        ([original, "-m", "uv"], uv_options),
        ([sys.executable, "-m", "pip"], pip_options),
        ([original, "-m", "pip"], pip_options),
    )
    for tool, options in candidates:
        if _works(tool):
            return [*tool, *options]
    raise OperatorFault("Neither uv nor pip is there to install packages.", "Install one of them.")


def _works(tool: list[str]) -> bool:
    try:
        return subprocess.run([*tool, "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def _environ() -> dict[str, str]:
    """No file of the user's changes what is installed; where packages come from is left as it is."""
    return os.environ | {"UV_NO_CONFIG": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}


def _strip(folder: Path) -> None:
    """Leaves the packages alone, without what the installer put beside them."""
    for pattern in _LEFT_BEHIND:
        for place in list(folder.glob(pattern)):
            if place.is_dir():
                shutil.rmtree(place)
            else:
                place.unlink()


def _compile(folder: Path) -> None:
    """Byte code that is never compared with its source, and says that it comes from `/env`; then open to read
    for all.
    """
    command = [sys.executable, "-m", "compileall", "-q", "-j", "2", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([*command, "-s", str(folder), "-p", INSIDE, str(folder)], capture_output=True, check=False)
    for place in [folder, *folder.rglob("*")]:
        place.chmod(0o755 if place.is_dir() else 0o644)


def main() -> int:
    """Makes every missing environment; what is wrong with one pack is said and stops no other."""
    diagnostics = Diagnostics()
    status = 0
    for lock in dict.fromkeys(pack.requirements for pack in discover_packs(packs_folder(), diagnostics)):
        status = max(status, _make_and_tell(lock))
    for entry in diagnostics.errors:
        print(f"djudge: {entry}", file=sys.stderr)
    return status


def _make_and_tell(lock: Path) -> int:
    try:
        if not environment_folder(lock).is_dir():
            print(f"Setting up the packages of the pack {lock.parent.name} ...", flush=True)
            make_environment(lock)
    except DjudgeError as error:
        print(f"djudge: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
