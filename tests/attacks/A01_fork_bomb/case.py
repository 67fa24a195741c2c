"""A process that only makes more of itself.

The kernel refuses further processes of this user (RLIMIT_NPROC), and what was made dies with its namespace.
"""

from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "EAGAIN from fork"

#: More than the limit of a small guest allows, and few enough to harm nobody where the limit is left out.
WANTED = 190

SOURCE = f"""
import errno, os, time

def attack():
    made = 0
    for _ in range({WANTED}):
        try:
            if os.fork() == 0:
                time.sleep(3)
                os._exit(0)
        except OSError as error:
            return {{"made": made, "refused": errno.errorcode[error.errno]}}
        made += 1
    return {{"made": made, "refused": ""}}
"""


def attempt(field: Field) -> Outcome:
    tried = field.attack(SOURCE, without=[Layer.WATCHDOG])
    if tried.said is None:
        return Outcome(succeeded=False, reason=f"{tried.stopped_by} before it could answer")
    stopped = tried.said["refused"] == "EAGAIN" and tried.said["made"] < WANTED
    return Outcome(succeeded=not stopped, reason=f"{tried.said['refused']} from fork")


def control(field: Field) -> Outcome:
    tried = field.attack(SOURCE, without=[Layer.RLIMITS, Layer.WATCHDOG])
    made = tried.said["made"] if tried.said else 0
    return Outcome(succeeded=made == WANTED, reason=tried.stopped_by or str(tried.said))
