"""Opens the judge's files by their paths: engine, checks, solutions, secrets, locks of slots, the system's users.

The guest's root is one of its own and holds none of them. Where it is left out, the root of the zygote is there, with
the whole machine below /host, and what everybody may read is read.
"""

from tests.attacks.battery import CHECKOUT, Field, Outcome
from tests.attacks.secret_file import secret_file

from djudge.engine.sandbox.contract import Layer

REASON = "ENOENT from open"

SOURCE = """
import os
from calls import told

def attack(*paths):
    return {path: told(lambda: os.read(os.open(path, os.O_RDONLY), 100)) for path in paths}
"""


def attempt(field: Field) -> Outcome:
    with secret_file(field) as secret:
        paths = [str(path) for path in (secret, *_own(field))]
        paths += [f"/host{path}" for path in paths] + ["/opt/djudge/djudge/guest/jail.py"]
        return field.program(SOURCE, *paths).refused(REASON, dict.fromkeys(paths, "ENOENT"))


def control(field: Field) -> Outcome:
    with secret_file(field) as secret:
        paths = [f"/host{secret}", "/host/etc/passwd", "/opt/djudge/djudge/guest/jail.py"]
        return field.program(SOURCE, *paths, without=[Layer.MOUNTS, Layer.LANDLOCK]).achieved(paths)


def _own(field: Field) -> list[object]:
    task = field.task.folder
    engine = CHECKOUT / "src/djudge/engine/grade.py"
    system = ["/etc/passwd", "/etc/shadow", "/run/djudge/slot-0", "/var/log/wtmp", "/root/.bash_history"]
    return [engine, task / "judge.py", task / "solutions/expert/expected.toml", CHECKOUT / "var", *system]
