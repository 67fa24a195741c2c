"""Asks the planner instead of the table: after an analysis in full its estimates are what is there.

EXPLAIN runs nothing and has no plan of its own in the log; what it tells is unmeasured.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, told

REASON = "unmeasured, each"
ASKED = 20
SOURCE = f"""
import re

from catalogue.sessions import session

ASK = "EXPLAIN SELECT FROM catalogue_rating WHERE product_id = {{}}"


def attack():
    with session() as one:
        one.execute("SET default_statistics_target = 10000")
        one.execute("ANALYZE catalogue_rating")
        said = [one.execute(ASK.format(number).encode()).fetchall() for number in range(1, {ASKED} + 1)]
        true = one.execute("SELECT product_id, count(*) FROM catalogue_rating GROUP BY 1").fetchall()
    estimates = [int(re.search(r"rows=(\\d+)", rows[0][0])[1]) for rows in said]
    counts = dict(true)
    return sum(estimate == counts.get(number) for number, estimate in enumerate(estimates, 1))
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        _, reading = told(guest)
    return Outcome(
        succeeded=reading.unmeasured != ASKED,
        reason=REASON if reading.unmeasured == ASKED else f"{reading.unmeasured} unmeasured",
    )


def control(field: Field) -> Outcome:
    """Most estimates are the very number of rows, and no plan read one for them."""
    with field.shop(attacking(SOURCE)) as guest:
        right, reading = told(guest)
    scans = reading.scans_of("catalogue_rating")
    return Outcome(succeeded=right > ASKED / 2 and scans == 1, reason=f"{right} of {ASKED} right, {scans} scans")
