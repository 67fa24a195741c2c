"""Forbids by a constraint what the judge is going to write, so that the grading breaks off with somebody else's fault.

What fails while the judge arranges in a candidate's database is the candidate's fault, and earns nothing.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import migration, verdict

REASON = "arranging_refused"
FORBIDDING = (
    "ALTER TABLE catalogue_product ADD CONSTRAINT for_good CHECK (name NOT LIKE '% II'), ADD CHECK (price <> 0)"
)
HARMLESS = FORBIDDING.replace("% II", "% nobody writes this")


def attempt(field: Field) -> Outcome:
    return verdict(field, {**field.solution("expert"), **migration(FORBIDDING)}, REASON)


def control(field: Field) -> Outcome:
    """With a constraint that nothing breaks, the same submission gets its marks."""
    outcome = verdict(field, {**field.solution("expert"), **migration(HARMLESS)}, REASON)
    return Outcome(succeeded=outcome.succeeded, reason=outcome.reason)
