"""Has a table rewritten in a way that fails at one row, and reads that row in the error: a definition has no plan.

A definition that ends in an error is unmeasured like a query that does.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, told

REASON = "unmeasured, each"
SOURCE = """
import psycopg
from catalogue.sessions import session

WAYS = (
    "ALTER TABLE catalogue_tag ADD shown int GENERATED ALWAYS AS (CASE WHEN id = {} THEN name::int END) STORED",
    "ALTER TABLE catalogue_rating ADD CHECK ((CASE WHEN id = {} THEN author::int ELSE 0 END) IS NOT NULL)",
    "CREATE INDEX failing ON catalogue_product ((CASE WHEN id = {} THEN name::int ELSE 0 END))",
)


def attack():
    leaked = []
    with session() as one:
        for way in WAYS:
            for number in range(1, 4):
                try:
                    one.execute(way.format(number).encode())
                except psycopg.Error as error:
                    leaked.append(error.diag.message_primary.partition(': "')[2])
    return leaked
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        leaked, reading = told(guest)
    seen = sum(one.error is not None and not one.measured for one in reading.statements)
    held = len(leaked) == seen == 9
    return Outcome(succeeded=not held, reason=REASON if held else f"{seen} seen of {len(leaked)} values")


def control(field: Field) -> Outcome:
    """Whoever looks at plans saw no row being read."""
    with field.shop(attacking(SOURCE)) as guest:
        leaked, reading = told(guest)
    return Outcome(succeeded=all(leaked) and not reading.touched, reason=f"{reading.touched} for {leaked}")
