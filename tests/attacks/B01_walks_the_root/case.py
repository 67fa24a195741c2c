"""Walks everything below its root, and searches names and contents for the judge's texts and the checkout's path.

The root holds the interpreter, the system's libraries, the pack's environment and the candidate's tree. The contents
of the system's own libraries are left out of the search: they are older than the judge. In the control the same search
finds the same texts in the checkout.
"""

import dataclasses
from pathlib import Path

from tests.attacks.battery import CHECKOUT, SMALL, Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "nothing to find"
LIMITS = dataclasses.replace(SMALL, wall_seconds=60, cpu_seconds=40, memory_mb=512)
PLACES = ("/app", "/dev", "/env", "/etc", "/home", "/lib", "/lib64", "/mnt", "/opt", "/proc", "/root", "/run", "/srv",
          "/sys", "/tmp", "/usr", "/var", "/work")  # fmt: skip

#: Texts come with every bit turned, so that the program itself does not hold them.
SOURCE = """
import os, stat

TURN = bytes(255 - value for value in range(256))

def searched(folder):
    return not folder.startswith(("/usr/lib", "/lib")) or "/python3" in folder

def holds(path, texts):
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return False
        with open(path, "rb") as file:
            content = file.read(2**24).translate(TURN)
    except OSError:
        return False
    return any(text in content for text in texts)

def attack(places, *turned):
    texts = [bytes.fromhex(text) for text in turned]
    found, looked = [], 0
    for place in places.split(":"):
        for folder, folders, names in os.walk(place):
            if searched(folder):
                looked += len(names)
                found += [path for name in names if holds(path := os.path.join(folder, name), texts)]
            found += [os.path.join(folder, name) for name in names if name in ("observe.py", "expected.toml")]
    return {"looked": looked, "found": found[:5]}
"""


def attempt(field: Field) -> Outcome:
    places = (*PLACES, str(CHECKOUT), str(field.scratch), str(Path.home()))
    tried = field.program(SOURCE, ":".join(places), *_texts(field), limits=LIMITS)
    if tried.said is None or tried.said["looked"] < 1000:
        return Outcome(succeeded=False, reason=f"{tried.stopped_by} {tried.said}")
    found = tried.said["found"]
    return Outcome(succeeded=bool(found), reason=", ".join(found) or REASON)


def control(field: Field) -> Outcome:
    place = f"/host{CHECKOUT}/src/djudge/engine:/host{field.task.folder}"
    #: The user is left out too, because a checkout may lie below a folder that only its owner enters.
    bare = [Layer.MOUNTS, Layer.LANDLOCK, Layer.IDENTITY]
    tried = field.program(SOURCE, place, *_texts(field), limits=LIMITS, without=bare)
    found = tried.said["found"] if tried.said else []
    return Outcome(succeeded=bool(found), reason=tried.stopped_by or "nothing found")


def hidden_texts(field: Field) -> list[bytes]:
    """Texts of the judge's that no candidate may find: of the engine, the checks, the expert's way, and a secret."""
    engine = (CHECKOUT / "src/djudge/engine/grade.py").read_bytes()[:60]
    checks = [(field.task.folder / name).read_bytes()[:60] for name in ("judge.py", "observe.py")]
    expert = field.solution("expert").values()
    longest = max((line for text in expert for line in text.splitlines()), key=len).encode()
    return [engine, *checks, longest, str(CHECKOUT).encode() + b"/", field.canary.encode()]


def _texts(field: Field) -> list[str]:
    return [bytes(255 - value for value in text).hex() for text in hidden_texts(field)]
