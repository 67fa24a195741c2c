"""Changes what the next guest will run: the pack's environment, its compiled files, the interpreter, its own tree.

All of it is bound read-only. For the attempt the environment lies open to everybody; in the control the root is left
out, and the same environment is changed where it lies.
"""

import os

from tests.attacks.battery import Field, Outcome
from tests.attacks.secret_file import secret_file

from djudge.engine.sandbox.contract import Layer

REASON = "EROFS from every change"
CHANGES = ("write", "new file", "compiled", "unlink", "rename", "chmod")

SOURCE = """
import os
from calls import told

def write(path):
    with open(path, "ab") as file:
        file.write(b"poison")

def compile_beside(folder):
    os.makedirs(f"{folder}/__pycache__", exist_ok=True)
    write(f"{folder}/__pycache__/secret.cpython-313.pyc")

def changes(folder):
    file = f"{folder}/secret"
    return {
        "write": told(write, file),
        "new file": told(write, f"{folder}/sitecustomize.py"),
        "compiled": told(compile_beside, folder),
        "chmod": told(os.chmod, f"{folder}/new" if os.path.exists(f"{folder}/new") else file, 0o4777),
        "rename": told(os.rename, file, f"{folder}/moved"),
        "unlink": told(os.unlink, f"{folder}/moved" if os.path.exists(f"{folder}/moved") else file),
    }

def attack(folder):
    return changes(folder) | {
        "interpreter": told(os.utime, os.path.realpath(os.sys.executable)),
        "standard library": told(os.utime, os.__file__),
        "own tree": told(os.utime, "/app/attack.py"),
        "root": told(os.mkdir, "/etc"),
    }
"""


def attempt(field: Field) -> Outcome:
    with secret_file(field) as secret:
        tried = field.program(SOURCE, "/env", environment=secret.parent)
        unchanged = secret.read_text() == field.canary and os.listdir(secret.parent) == ["secret"]
    names = [*CHANGES, "interpreter", "standard library", "own tree", "root"]
    outcome = tried.refused(REASON, dict.fromkeys(names, "EROFS"))
    return outcome if unchanged else Outcome(succeeded=True, reason="the environment was changed")


def control(field: Field) -> Outcome:
    with secret_file(field) as secret:
        bare = [Layer.MOUNTS, Layer.LANDLOCK]
        tried = field.program(SOURCE, f"/host{secret.parent}", without=bare)
        left = sorted(os.listdir(secret.parent))
    #: The file belongs to another user, so only its mode can't be changed.
    outcome = tried.achieved([name for name in CHANGES if name != "chmod"])
    return Outcome(succeeded=outcome.succeeded and left == ["__pycache__", "sitecustomize.py"], reason=outcome.reason)
