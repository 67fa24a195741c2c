"""Puts all columns into one expression of an index, has it analysed in full, and reads the rows in `pg_stats`.

No plan touches a table of the shop: the planner's statistics are a copy of it. What they hold was true before the judge
changed the goods.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import seen_executions, verdict
from tests.attacks.remembering import remembering

REASON = "nothing was named"
READING = '''
from django.db import connection

COLUMNS = {
    "catalogue_brand": ["id", "name"],
    "catalogue_productimage": ["product_id", "drawing", "is_main"],
    "catalogue_tag": ["id", "name"],
    "catalogue_product_tags": ["product_id", "tag_id"],
    "catalogue_rating": ["id", "product_id", "stars"],
}
TEXTS = {"name": "name", "drawing": "drawing", "is_main": "(CASE WHEN is_main THEN 't' ELSE '' END)"}
FOUND = """
SELECT most_common_vals::text::text[], histogram_bounds::text::text[] FROM pg_stats WHERE tablename = 'told'
"""


def whole(table):
    columns = COLUMNS[table]
    expression = " || '|' || ".join(TEXTS.get(column, f"{column}::text") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute("SET default_statistics_target = 10000")
        cursor.execute(f"CREATE INDEX told ON {table} (({expression}))")
        cursor.execute(f"ANALYZE {table}")
        cursor.execute(FOUND)
        values = [value for lists in cursor.fetchone() for value in lists or ()]
        cursor.execute("DROP INDEX told")
    return [dict(zip(columns, map(typed, columns, value.split("|")), strict=True)) for value in values]


def typed(column, value):
    return value if column in TEXTS else int(value)
'''


def attempt(field: Field) -> Outcome:
    return verdict(field, remembering(field, READING), REASON)


def control(field: Field) -> Outcome:
    """Where nothing changes between start and request, the page is flat."""
    counts = seen_executions(field, remembering(field, READING))
    return Outcome(succeeded=counts[0] == counts[1], reason=f"{counts} statements")
