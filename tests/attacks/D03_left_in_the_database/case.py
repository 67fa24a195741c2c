"""Leaves tables, comments, locks, notifications, sequences, large objects and settings for the next run.

Each guest has a clone, a login and sessions of its own, and nothing of them is left.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import WAITING_CLONES, attacking, cluster_of, left_after, told

from djudge.engine.postgres.cluster import Cluster

REASON = "nothing of it is there"
SOURCE = """
from catalogue.sessions import session, tried

KEPT = []
LEAVING = [
    "CREATE TABLE memory (what text); INSERT INTO memory VALUES ('kept')",
    "CREATE TEMPORARY TABLE fleeting (what text)",
    "CREATE SCHEMA apart; CREATE TABLE apart.hidden (id int)",
    "COMMENT ON TABLE catalogue_product IS 'kept'",
    "SELECT lo_from_bytea(4242, 'kept')",
    "SELECT setval('catalogue_product_id_seq', 424242)",
    "SELECT pg_advisory_lock(4242)",
    "LISTEN memory",
    "NOTIFY memory, 'kept'",
    "ALTER ROLE SESSION_USER SET work_mem = '1MB'",
    "SET ROLE NONE; ALTER ROLE SESSION_USER SET work_mem = '1MB'; RESET ROLE",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "UPDATE catalogue_brand SET name = 'kept ' || id",
]
LOOKING = {
    "tables": "SELECT count(*) FROM pg_class WHERE relname IN ('memory', 'fleeting', 'hidden')",
    "comment": "SELECT count(*) FROM pg_description WHERE description = 'kept'",
    "objects": "SELECT count(*) FROM pg_largeobject_metadata WHERE oid = 4242",
    "sequence": "SELECT count(*) FROM pg_sequences WHERE last_value = 424242",
    "locks": "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'",
    "brands": "SELECT count(*) FROM catalogue_brand WHERE name LIKE 'kept%'",
    "others": "SELECT count(*) - 1 FROM pg_database WHERE datname LIKE 'd%' AND has_database_privilege(oid, 'CONNECT')",
}


def attack():
    one = session()
    KEPT.append(one)
    for statement in LEAVING if LEAVES else []:
        tried(one, statement)
    return {name: one.execute(query).fetchone()[0] for name, query in LOOKING.items()}
"""


def attempt(field: Field) -> Outcome:
    cluster = cluster_of(field)
    before = _shared(cluster)
    with field.shop(attacking(SOURCE.replace("LEAVES", "True"))) as guest:
        told(guest)
    if left := left_after(lambda: _shared(cluster), before):
        return Outcome(succeeded=True, reason=f"left in the server: {left}")
    with field.shop(attacking(SOURCE.replace("LEAVES", "False"))) as guest:
        found, _ = told(guest)
    there = {name: count for name, count in found.items() if count}
    return Outcome(succeeded=bool(there), reason=str(there) if there else REASON)


def _shared(cluster: Cluster) -> set[tuple[object, ...]]:
    """What all databases of a server have in common, but what waits for the next guests."""
    queries = (
        f"SELECT 'database', datname FROM pg_database WHERE datname NOT IN ({WAITING_CLONES})",
        f"SELECT 'role', rolname FROM pg_roles WHERE rolname NOT IN ({WAITING_CLONES})",
        "SELECT 'setting', setdatabase, setrole, setconfig::text FROM pg_db_role_setting",
        "SELECT 'session', pid FROM pg_stat_activity WHERE usename <> 'postgres'",
        "SELECT 'lock', pid FROM pg_locks WHERE locktype = 'advisory'",
    )
    return {tuple(row) for query in queries for row in cluster.admin.execute(query.encode()).fetchall()}


def control(field: Field) -> Outcome:
    """In the same database all of it is there."""
    with field.shop(attacking(SOURCE.replace("LEAVES", "True"))) as guest:
        found, _ = told(guest)
    found.pop("others")
    missing = [name for name, count in found.items() if not count]
    return Outcome(succeeded=not missing, reason=f"missing: {missing}")
