"""A trigger that refuses the judge's change of a price, so that the grading breaks off with somebody else's fault.

What fails while the judge arranges in a candidate's database is the candidate's fault, and earns nothing.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import migration, verdict

REASON = "arranging_refused"
TRIGGER = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not today'; END $$;
CREATE TRIGGER refuse BEFORE UPDATE ON catalogue_product FOR EACH ROW EXECUTE FUNCTION refuse();
"""


def attempt(field: Field) -> Outcome:
    return verdict(field, {**field.solution("expert"), **migration(TRIGGER)}, REASON)


def control(field: Field) -> Outcome:
    """The same trigger for a table that nobody writes to: graded as ever."""
    harmless = TRIGGER.replace("ON catalogue_product", "ON catalogue_category")
    outcome = verdict(field, {**field.solution("expert"), **migration(harmless)}, REASON)
    return Outcome(succeeded=outcome.succeeded, reason=outcome.reason)
