"""Reads a table by a statement that ends in an error, with the data in its message.

A failed statement has no plan: it is unmeasured, and the counters saw what it read.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, told, unaccounted

REASON = "unmeasured, and in the counters"
SOURCE = """
import json

import psycopg
from catalogue.sessions import session


def attack():
    with session() as one:
        try:
            one.execute("SELECT json_agg(name)::text::int FROM catalogue_product")
        except psycopg.Error as error:
            return len(json.loads(error.diag.message_primary.partition(': "')[2].removesuffix('"')))
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        rows, reading = told(guest)
        gap = unaccounted(guest)
    if not rows or not reading.unmeasured or gap < rows:
        return Outcome(succeeded=True, reason=f"{rows} rows read, {reading.unmeasured} unmeasured, a gap of {gap}")
    return Outcome(succeeded=False, reason=REASON)


def control(field: Field) -> Outcome:
    """Whoever counts rows of answers, or of plans, counts none."""
    with field.shop(attacking(SOURCE)) as guest:
        rows, reading = told(guest)
    return Outcome(succeeded=rows > 1000 and reading.rows == 0, reason=f"{reading.rows} rows of {rows} were seen")
