"""Loops inside a DO block and a function, each query in a cursor that an error throws away, the error swallowed.

Neither a plan nor an error is logged; the block itself is unmeasured, and the counters saw the rows.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, told, unaccounted

REASON = "unmeasured, and in the counters"
LOOP = """
DECLARE c refcursor; v text;
BEGIN
  FOR i IN 1..200 LOOP
    BEGIN
      OPEN c FOR SELECT name FROM catalogue_product WHERE id = i;
      FETCH c INTO v;
      RAISE EXCEPTION 'away with the plan';
    EXCEPTION WHEN raise_exception THEN NULL;
    END;
  END LOOP;
END
"""
SOURCE = f"""
from catalogue.sessions import session


def attack():
    with session() as one:
        one.execute("DO $$ {" ".join(LOOP.split())} $$")
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        _, reading = told(guest)
        gap = unaccounted(guest)
    if not reading.unmeasured or gap < 200:
        return Outcome(succeeded=True, reason=f"{reading.unmeasured} unmeasured, a gap of {gap}")
    return Outcome(succeeded=False, reason=REASON)


def control(field: Field) -> Outcome:
    """Whoever counts logged plans counts none of the two hundred."""
    with field.shop(attacking(SOURCE)) as guest:
        _, reading = told(guest)
    plans = sum(one.executions for one in reading.statements if one.plan)
    return Outcome(succeeded=plans == 0, reason=f"{plans} plans were logged")
