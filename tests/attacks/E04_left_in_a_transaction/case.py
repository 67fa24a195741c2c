"""Leaves portals open in a transaction that is never ended: with server-side binding a plan comes after the commit.

What is open when the judge looks is unmeasured for good, and a look does not wait for ever.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, told, told_at_once

REASON = "unmeasured"
SOURCE = """
from catalogue.sessions import session

KEPT = []


def attack():
    KEPT.append(session())
    one = KEPT[0]
    one.execute("BEGIN")
    rows = 0
    for number in range(24):
        cursor = one.cursor(f"c{number}")
        cursor.execute("SELECT * FROM catalogue_rating WHERE product_id = %s", [number + 1])
        rows += len(cursor.fetchall())
    return rows
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        rows, reading = told(guest)
    hidden = rows > 0 and reading.unmeasured >= 24 and not reading.settled
    return Outcome(succeeded=not hidden, reason=REASON if hidden else f"{reading.unmeasured} of 24 unmeasured")


def control(field: Field) -> Outcome:
    """Whoever sums up the plans that are there by then has none of the rows."""
    with field.shop(attacking(SOURCE)) as guest:
        rows, reading = told_at_once(guest)
    planned = sum(one.plan.rows for one in reading.statements if one.plan)
    return Outcome(succeeded=rows > 0 and planned == 0, reason=f"the plans told of {planned} of {rows} rows")
