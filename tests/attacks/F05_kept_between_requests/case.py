"""Keeps the page in memory and shows it again.

What changed in the database has to be on the next page.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import targets, verdict

REASON = "gate fresh"


def attempt(field: Field) -> Outcome:
    return verdict(field, field.solution("wrong/page-cached"), REASON)


def control(field: Field) -> Outcome:
    """Asked twice for the same, it needs next to nothing."""
    with field.shop(field.solution("wrong/page-cached")) as guest:
        first, second = (guest.get(targets(field)[1]).reading.executions for _ in range(2))
    return Outcome(succeeded=second < first / 4, reason=f"{first} statements, then {second}")
