"""Enters, changes, copies or drops the template that the next database is made from, and every other database there is.

A login role enters its own database alone, owns none, and makes none; the template lets nobody in. The control does the
same as superuser, to a database of the test's own.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import as_superuser, attacking, cluster_of, told

REASON = "every statement and every door refused"
SOURCE = """
import psycopg
from catalogue.sessions import session, tried


def entered(name):
    try:
        psycopg.connect("", dbname=name).close()
    except psycopg.OperationalError as error:
        return "rejects connection" in str(error) or str(error)
    return ""


def attack():
    with session() as one:
        names = [name for (name,) in one.execute(
            "SELECT datname FROM pg_database WHERE datname <> current_database()")]
        said = {}
        for name in names:
            said[f"enter {name}"] = entered(name)
            for statement in (
                'ALTER DATABASE "{}" ALLOW_CONNECTIONS true', 'ALTER DATABASE "{}" SET search_path = mine',
                'ALTER DATABASE "{}" RENAME TO mine', 'ALTER DATABASE "{}" IS_TEMPLATE false', 'DROP DATABASE "{}"',
                'CREATE DATABASE mine TEMPLATE "{}"', 'COMMENT ON DATABASE "{}" IS $$mine$$',
                'GRANT CONNECT ON DATABASE "{}" TO PUBLIC', 'SECURITY LABEL ON DATABASE "{}" IS $$mine$$',
                'REASSIGN OWNED BY postgres TO CURRENT_USER',
            ):
                said[statement.format(name)] = tried(one, statement.format(name))
        said["update"] = tried(one, "UPDATE pg_database SET datallowconn = true")
        said["templates"] = [name for name in names if name.startswith("t_")]
    return said
"""
#: Not allowed, or without a provider of labels. A GRANT by somebody who may not is a warning, and grants nothing.
REFUSED = ("42501", "22023", True)


def attempt(field: Field) -> Outcome:
    before = _state(field)
    with field.shop(attacking(SOURCE)) as guest:
        said, _ = told(guest)
    templates = said.pop("templates")
    achieved = [f"{name}: {state}" for name, state in said.items() if state not in REFUSED and "GRANT" not in name]
    if achieved or _state(field) != before:
        return Outcome(succeeded=True, reason=f"{achieved}")
    return Outcome(succeeded=False, reason=REASON if templates else "there was no template")


def _state(field: Field) -> list[tuple[object, ...]]:
    """All that all databases are, but those of runs."""
    query = b"""SELECT datname, datallowconn, datistemplate, datconnlimit, pg_get_userbyid(datdba),
        coalesce(datacl, acldefault('d', datdba))::text,
        shobj_description(oid, 'pg_database'), pg_database_size(oid) FROM pg_database
        WHERE datname !~ '^d[0-9a-f]{20}' ORDER BY 1"""
    return cluster_of(field).admin.execute(query).fetchall()


def control(field: Field) -> Outcome:
    with as_superuser(field) as connection:
        row = connection.execute("SELECT current_database()").fetchone()
        name = str(row[0]) if row else ""
        for statement in ("ALTER DATABASE {} CONNECTION LIMIT 3", "COMMENT ON DATABASE {} IS 'mine'"):
            connection.execute(statement.format(name).encode())
        changed = connection.execute(
            "SELECT datconnlimit = 3 AND shobj_description(oid, 'pg_database') = 'mine' FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
    return Outcome(succeeded=changed == (True,), reason=f"{changed}")
