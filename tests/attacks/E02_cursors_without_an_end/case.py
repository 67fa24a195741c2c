"""Fetches everything through cursors whose transaction is rolled back, or whose connection is cut: no plan is logged.

A statement without a plan is unmeasured, never cheap, and PostgreSQL's counters saw its rows.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, told, unaccounted

REASON = "unmeasured, and in the counters"
SOURCE = """
from catalogue.sessions import session


def attack():
    rows = 0
    for ending in ("ROLLBACK", None):
        one = session()
        one.execute("BEGIN; DECLARE quiet CURSOR FOR SELECT * FROM catalogue_rating")
        rows += len(one.execute("FETCH ALL FROM quiet").fetchall())
        if ending:
            one.execute(ending)
        one.close()
    return rows
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        rows, reading = told(guest)
        gap = unaccounted(guest)
    if not rows or not reading.unmeasured or gap < rows:
        return Outcome(succeeded=True, reason=f"{rows} rows read, {reading.unmeasured} unmeasured, a gap of {gap}")
    return Outcome(succeeded=False, reason=REASON)


def control(field: Field) -> Outcome:
    """Whoever looks at the plans alone sees no row read."""
    with field.shop(attacking(SOURCE)) as guest:
        rows, reading = told(guest)
    planned = sum(one.plan.rows for one in reading.statements if one.plan)
    return Outcome(succeeded=rows > 0 and planned == 0, reason=f"the plans told of {planned} rows")
