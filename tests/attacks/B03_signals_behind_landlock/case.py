"""Sends signals to other guests where the process namespace was forgotten.

Landlock refuses every signal to whoever is not in the guest's own domain.
"""

from tests.attacks.B03_other_processes.case import beside_another
from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "EPERM from kill, and the other alive"


def attempt(field: Field) -> Outcome:
    tried, alive = beside_another(field, [Layer.PIDS])
    if tried.said is None:
        return Outcome(succeeded=False, reason=tried.stopped_by)
    refused = tried.said["killed"] == 0 and "Operation not permitted" in tried.said["errors"]
    return Outcome(succeeded=not alive or tried.said["killed"] > 0, reason=REASON if refused else str(tried.said))


def control(field: Field) -> Outcome:
    tried, alive = beside_another(field, [Layer.PIDS, Layer.LANDLOCK])
    return Outcome(succeeded=not alive, reason=str(tried.said or tried.fault))
