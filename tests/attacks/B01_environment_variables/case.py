"""Reads the environment for what the judge has in its own: secrets, database addresses, paths.

A guest is given a clean one. The control is any other child of the judge, which inherits the secret.
"""

import subprocess
import sys

from tests.attacks.battery import CHECKOUT, Field, Outcome

REASON = "a clean environment"
KNOWN = {
    "DJANGO_SETTINGS_MODULE", "HOME", "LANG", "LC_ALL", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED",
    "PYTHONPATH", "TMPDIR", "TZ",
}  # fmt: skip

SOURCE = """
import ctypes, os

def attack():
    first = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    raw, place = [], 0
    while first and first[place]:
        raw.append(first[place].decode())
        place += 1
    return raw + [f"{name}={value}" for name, value in os.environ.items()]
"""


def attempt(field: Field) -> Outcome:
    tried = field.program(SOURCE)
    if tried.said is None:
        return Outcome(succeeded=False, reason=tried.stopped_by)
    strange = [one for one in tried.said if one.partition("=")[0] not in KNOWN]
    leaked = [one for one in tried.said if field.canary in one or str(CHECKOUT) in one]
    return Outcome(succeeded=bool(strange or leaked), reason=", ".join(strange + leaked) or REASON)


def control(field: Field) -> Outcome:
    code = "import os; print(os.environ['DJUDGE_CANARY'])"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return Outcome(succeeded=child.stdout.strip() == field.canary, reason=child.stderr[-200:])
