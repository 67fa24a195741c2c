"""Set up a clone: `.venv` for the judge, and one environment for each distinct lock file of the packs.

Standard library only, because it runs before anything is installed. What is up to date is left alone, so a
second call costs a few milliseconds. Packages come from the hashed lock files and from nowhere else.
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"


def stamp_of(*files: Path) -> str:
    """What an installation depends on: the lock files' bytes and the interpreter."""
    content = hashlib.sha256(f"{sys.version}{sys.executable}".encode())
    for file in files:
        content.update(file.read_bytes())
    return content.hexdigest()


def is_current(folder: Path, stamp: str) -> bool:
    marker = folder / "djudge-setup"
    return marker.is_file() and marker.read_text() == stamp


def make_venv(lock: Path) -> None:
    stamp = stamp_of(lock, ROOT / "pyproject.toml")
    if is_current(VENV, stamp):
        return
    print("Setting up the judge's own environment (.venv) ...", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    uv = installed_uv()
    venv.create(VENV, with_pip=uv is None, symlinks=True)
    python = VENV / "bin" / "python"
    if uv:
        pip = [*uv, "pip", "install", "--quiet", "--python", str(python)]
    else:
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "-r", str(lock)])
    run([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
    (VENV / "djudge-setup").write_text(stamp)


def installed_uv() -> list[str] | None:
    """uv where it is there and works; pip does the same, only slower."""
    if importlib.util.find_spec("uv"):
        return [sys.executable, "-m", "uv"]
    command = shutil.which("uv")
    if command and subprocess.run([command, "--version"], capture_output=True).returncode == 0:
        return [command]
    return None


def run(command: list[str]) -> None:
    environment = os.environ | {"UV_NO_CONFIG": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, env=environment)
    if done.returncode:
        sys.exit(f"djudge: this failed, and nothing after it was tried: {' '.join(command)}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--lock", type=Path, default=ROOT / "requirements" / "dev.txt")
    make_venv(arguments.parse_args().lock)
    run([str(VENV / "bin" / "python"), "-m", "djudge.engine.packs.environments"])
    # Without it the workspace works all the same; what is missing was said.
    subprocess.run([sys.executable, str(ROOT / "scripts" / "build_editor.py")], check=False)


if __name__ == "__main__":
    main()
