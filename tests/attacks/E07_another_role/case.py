"""Leaves its role and changes its password, so that what it does is somebody else's or the judge is locked out.

The log names who logged in, whatever role is set; only the guest's own role has a password that it could change.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, told

REASON = "other roles refused, all 20 reads seen, the judge still let in"
SOURCE = """
import os

import psycopg
from catalogue.sessions import session, tried


def attack():
    mine, database = os.environ["PGUSER"], os.environ["PGDATABASE"]
    with session() as one:
        refused = {
            statement: tried(one, statement)
            for statement in (
                f"ALTER ROLE {database} LOGIN PASSWORD 'known'",
                f"ALTER ROLE {mine} RENAME TO other",
                f"ALTER ROLE {mine} SUPERUSER",
                f"ALTER DATABASE {database} ALLOW_CONNECTIONS false",
                f"ALTER DATABASE {database} RENAME TO other",
                f"ALTER DATABASE {database} CONNECTION LIMIT 1",
                f"DROP OWNED BY postgres",
                f"GRANT pg_read_server_files TO {mine}",
                "CREATE ROLE helper LOGIN",
                "SET ROLE pg_monitor",
            )
        }
        before = one.execute("SELECT current_user").fetchone()[0]
        one.execute("SET ROLE NONE")
        one.execute("ALTER ROLE CURRENT_USER PASSWORD 'changed'")
        after = one.execute("SELECT current_user").fetchone()[0]
    with psycopg.connect(password="changed", autocommit=True) as one:
        one.execute("SET ROLE NONE")
        for number in range(20):
            tried(one, "SELECT name FROM catalogue_product WHERE id = %s", number)
    return {"refused": refused, "others": before != after}
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        said, reading = told(guest)
        with guest.arrange() as connection:
            connection.execute("UPDATE catalogue_product SET price = price + 1 WHERE id = 1")
    achieved = [statement for statement, state in said["refused"].items() if state not in ("42501", "0A000")]
    seen = sum(one.executions for one in reading.statements if "FROM catalogue_product WHERE" in one.sql)
    if achieved or seen != 20:
        return Outcome(succeeded=True, reason=f"{achieved}, {seen} of 20 seen")
    return Outcome(succeeded=False, reason=REASON)


def control(field: Field) -> Outcome:
    """By the current role, the loop would be somebody else's."""
    with field.shop(attacking(SOURCE)) as guest:
        said, _ = told(guest)
    return Outcome(succeeded=said["others"], reason="the role stayed the same")
