"""A task file whose limits are 0, negative, infinite or no number, to mean "unlimited".

Each is refused as the task author's fault, in the value itself and in the file. The control gives
each field a value above zero, which is taken: the value is refused and not the field.
"""

import math
from dataclasses import fields

from pydantic import ValidationError
from tests.attacks.battery import Field, Outcome

from djudge.engine.errors import TaskFault
from djudge.engine.packs.manifests import LimitsTable
from djudge.engine.sandbox.contract import Limits

REASON = "TaskFault for each value, and the file refused"
DEFAULTS = Limits()
VALUES = (0, -1, -0.5, math.inf, -math.inf, math.nan)


def attempt(field: Field) -> Outcome:
    names = [one.name for one in fields(Limits)]
    taken = [f"{name}={value}" for name in names for value in VALUES if _is_taken(name, value)]
    return Outcome(succeeded=bool(taken), reason=", ".join(taken) or REASON)


def control(field: Field) -> Outcome:
    refused = [one.name for one in fields(Limits) if not _is_taken(one.name, getattr(DEFAULTS, one.name))]
    return Outcome(succeeded=not refused, reason=", ".join(refused))


def _is_taken(name: str, value: float) -> bool:
    return _value_is_taken(name, value) or _file_is_taken(name, value)


def _value_is_taken(name: str, value: float) -> bool:
    try:
        Limits(**{name: value})  # type: ignore[arg-type]
    except TaskFault:
        return False
    return True


def _file_is_taken(name: str, value: float) -> bool:
    try:
        LimitsTable.model_validate({name: value})
    except ValidationError:
        return False
    return True
