"""Its own backend and cursor: every count that is taken in the process is four, and the loops go past Django's log.

PostgreSQL counts what arrives, whichever way it was sent.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import fools_a_count_in_the_process, verdict

REASON = "patches-framework"


def attempt(field: Field) -> Outcome:
    return verdict(field, field.solution("cheats/counts-faked-in-process"), REASON)


def control(field: Field) -> Outcome:
    """A count in the process is fooled."""
    return fools_a_count_in_the_process(field, field.solution("cheats/counts-faked-in-process"))
