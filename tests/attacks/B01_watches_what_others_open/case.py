"""Has itself told whenever anybody opens a file of the environment: other guests, of other slots too.

All guests share these files, so a watch or a lease on one is a window into the others. The filter refuses both. In the
control a watch sees another guest at work.
"""

import time

from tests.attacks.battery import SMALL, Attempted, Field, Outcome

from djudge.engine.sandbox.contract import Layer
from djudge.engine.values import Json

REASON = "EPERM from every watch, and nobody seen"
WATCHES = ("folder", "folder of a package", "lease")

SOURCE = """
import fcntl, os, signal, time
from calls import told

SEEN = []

def watched(path):
    fcntl.fcntl(os.open(path, os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_MULTISHOT | fcntl.DN_ACCESS)

def leased(path):
    fcntl.fcntl(os.open(path, os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_RDLCK)

def attack():
    signal.signal(signal.SIGIO, lambda *about: SEEN.append(about))
    said = {
        "folder": told(watched, "/env"),
        "folder of a package": told(watched, "/env/django"),
        "lease": told(leased, "/env/django/__init__.py"),
    }
    end = time.monotonic() + 1.2
    while time.monotonic() < end:
        time.sleep(0.05)
    return said | {"seen": "others" if SEEN else "nobody"}
"""
OTHER = b"""
import time
for _ in range(30):
    with open("/env/django/__init__.py") as file:
        file.read()
    time.sleep(0.1)
"""


def attempt(field: Field) -> Outcome:
    return _beside_another(field, []).refused(REASON, dict.fromkeys(WATCHES, "EPERM") | {"seen": "nobody"})


def control(field: Field) -> Outcome:
    tried = _beside_another(field, [Layer.SECCOMP])
    return Outcome(succeeded=bool(tried.said) and tried.said["seen"] == "others", reason=str(tried.said))


def _beside_another(field: Field, without: list[Layer]) -> Attempted:
    entry: dict[str, Json] = {"kind": "command", "module": "other", "argv": []}
    with field.sandbox().spawn({"other.py": OTHER}, entry=entry, limits=SMALL) as other:
        other.ready()
        time.sleep(0.1)
        return field.program(SOURCE, without=without)
