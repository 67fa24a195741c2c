"""A task file whose limits are 0, negative, infinite or no number, to mean "unlimited".

Each is refused as the task author's fault, in the value itself and in the file. The control shows what such a limit
would do: one that is written past the check lets a guest live on.
"""

import math
from dataclasses import fields

from pydantic import ValidationError

from djudge.engine.errors import TaskFault
from djudge.engine.packs.manifests import LimitsTable
from djudge.engine.sandbox.contract import Limits
from tests.attacks.battery import SMALL, Field, Outcome

REASON = "TaskFault for each value, and the file refused"
VALUES = (0, -1, -0.5, math.inf, -math.inf, math.nan)


def attempt(field: Field) -> Outcome:
    names = [one.name for one in fields(Limits)]
    taken = [f"{name}={value}" for name in names for value in VALUES if _is_taken(name, value)]
    return Outcome(succeeded=bool(taken), reason=", ".join(taken) or REASON)


def control(field: Field) -> Outcome:
    named = {one.name: getattr(SMALL, one.name) for one in fields(Limits)}
    limits = Limits(**named)
    object.__setattr__(limits, "wall_seconds", math.inf)
    tried = field.program("import time\n\ndef attack():\n    time.sleep(0.2)\n    return 1", limits=limits)
    return Outcome(succeeded=tried.said == 1, reason=tried.stopped_by)


def _is_taken(name: str, value: float) -> bool:
    try:
        Limits(**{name: value})  # type: ignore[arg-type]
    except TaskFault:
        pass
    else:
        return True
    try:
        LimitsTable.model_validate({name: value})
    except ValidationError:
        return False
    return True
