"""Hands in compiled files that say they are newer than their source, and writes such files while it runs.

What tools leave behind never comes in; in the guest, neither its tree nor the environment can be written. The control
runs the same project outside, where Python believes the compiled file.
"""

import importlib.util
import py_compile
import shutil
import subprocess
import sys
from pathlib import Path

from tests.attacks.battery import Field, Outcome
from tests.attacks.commands import work_folder

from djudge.engine.packs.submission import read_submission

REASON = "none came in, and EROFS and ENOENT from writing them"
HONEST, POISON = "SAID = 'honest'\n", "SAID = 'poison'\n"

SOURCE = """
import os, py_compile, sys
from calls import told

def plant(folder):
    source = "/tmp/source.py"
    with open(source, "w") as file:
        file.write("SAID = 'poison'")
    py_compile.compile(source, cfile="/tmp/made.pyc", doraise=True)
    with open("/tmp/made.pyc", "rb") as made:
        content = made.read()
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/x.cpython-{sys.version_info.major}{sys.version_info.minor}.pyc", "wb") as file:
        file.write(content)

def attack():
    standard = os.path.dirname(os.__file__)
    return {
        "tree": told(plant, "/app/__pycache__"),
        "environment": told(plant, "/env/django/__pycache__"),
        "standard library": told(plant, f"{standard}/__pycache__"),
        "packages": told(plant, f"{standard}/site-packages"),
        "home": told(plant, "/nonexistent/.cache"),
        "new cache": told(plant, "/tmp/cache"),
    }
"""
LATER = """
import os

def attack():
    return [os.path.exists("/tmp/cache"), os.path.exists("/app/__pycache__")]
"""
EXPECTED = dict.fromkeys(("tree", "environment", "standard library", "packages", "home"), "EROFS")


def _poisoned(folder: Path, package: str) -> Path:
    """A package whose source is honest, and whose compiled files are not and never compared with it."""
    place = folder / package
    place.mkdir(parents=True)
    module, poison = place / "said.py", folder / "poison.py"
    poison.write_text(POISON)
    module.write_text(HONEST)
    for target in (importlib.util.cache_from_source(str(module)), str(place / "alone.pyc")):
        py_compile.compile(str(poison), cfile=target, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    poison.unlink()
    return folder


def attempt(field: Field) -> Outcome:
    with work_folder(field) as folder:
        came = read_submission(field.task, _poisoned(folder / "work", "catalogue")).tree
    compiled = [path for path in came if path.endswith(".pyc") or "__pycache__" in path]
    if compiled or came["catalogue/said.py"] != HONEST.encode():
        return Outcome(succeeded=True, reason=f"came in: {compiled}")
    outcome = field.program(SOURCE).refused(REASON, EXPECTED)
    later = field.program(LATER).said
    return outcome if later == [False, False] else Outcome(succeeded=True, reason=f"the next guest finds {later}")


def control(field: Field) -> Outcome:
    with work_folder(field) as folder:
        code = "from package import said, alone; print(said.SAID, alone.SAID)"
        command = [sys.executable, "-c", code]
        work = _poisoned(folder / "work", "package")
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
        shutil.rmtree(work)
    return Outcome(succeeded=done.stdout == "poison poison\n", reason=done.stdout + done.stderr[-200:])
