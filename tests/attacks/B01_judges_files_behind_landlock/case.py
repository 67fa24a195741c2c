"""Opens the judge's files where the mounts were forgotten: the zygote's root, with the whole machine below /host.

Landlock alone refuses them, because it allows the guest's own places and nothing else.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.secret_file import secret_file

from djudge.engine.sandbox.contract import Layer

REASON = "EACCES from open"

SOURCE = """
import os
from calls import told

def attack(*paths):
    return {path: told(lambda: os.read(os.open(path, os.O_RDONLY), 100)) for path in paths}
"""


def attempt(field: Field) -> Outcome:
    with secret_file(field) as secret:
        paths = [f"/host{secret}", "/host/etc/passwd", "/opt/djudge/djudge/guest/jail.py", "/proc/1/cmdline"]
        return field.program(SOURCE, *paths, without=[Layer.MOUNTS]).refused(REASON, dict.fromkeys(paths, "EACCES"))


def control(field: Field) -> Outcome:
    with secret_file(field) as secret:
        paths = [f"/host{secret}", "/host/etc/passwd", "/opt/djudge/djudge/guest/jail.py"]
        return field.program(SOURCE, *paths, without=[Layer.MOUNTS, Layer.LANDLOCK]).achieved(paths)
