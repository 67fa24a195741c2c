"""Leaves what outlives a database: rights, files of sorts and cursors, snapshots, slots, notifications, settings.

Roles, sessions and the database go with the run; what all databases share is as before, and no file is left. The
control leaves the same, and it is there as long as its session lives.
"""

from pathlib import Path

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import WAITING_CLONES, attacking, cluster_of, left_after, told

REASON = "all shared tables and all folders as before"
SOURCE = """
from catalogue.sessions import session, tried

KEPT = []
LEAVING = [
    "SET work_mem = '64kB'",
    "DECLARE held SCROLL CURSOR WITH HOLD FOR SELECT repeat(md5(n::text), 20) FROM generate_series(1, 20000) n",
    "CREATE TEMPORARY TABLE fleeting AS SELECT repeat(md5(n::text), 20) FROM generate_series(1, 20000) n",
    "CREATE UNLOGGED TABLE unlogged AS SELECT repeat(md5(n::text), 20) FROM generate_series(1, 20000) n",
    "LISTEN left_behind",
    "SELECT pg_notify('left_behind', repeat('x', 7000)) FROM generate_series(1, 300)",
    "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT pg_export_snapshot()",
]
REFUSED = [
    "SELECT pg_create_physical_replication_slot('left')",
    "SELECT pg_replication_origin_create('left')",
    "CREATE SUBSCRIPTION left_behind CONNECTION '' PUBLICATION p WITH (connect = false)",
    "GRANT SET ON PARAMETER work_mem TO PUBLIC",
    "ALTER ROLE postgres SET work_mem = '1MB'",
    "ALTER ROLE ALL SET work_mem = '1MB'",
    "ALTER DATABASE postgres SET work_mem = '1MB'",
    "CREATE TABLESPACE left_behind LOCATION '/tmp'",
    "COMMENT ON ROLE postgres IS 'left'",
    "SELECT pg_stat_reset_shared('io')",
    "CREATE ROLE left_behind",
]
#: Warnings, which grant nothing.
GRANTS = ["GRANT CONNECT ON DATABASE postgres TO PUBLIC", "GRANT CREATE ON TABLESPACE pg_default TO PUBLIC"]


def attack():
    one, two = session(), session()
    KEPT.extend((one, two))
    said = {statement: tried(two, statement) for statement in REFUSED}
    two.execute("BEGIN")
    said["prepare"] = tried(two, "PREPARE TRANSACTION 'left'")
    left = [statement for statement in LEAVING if tried(one, statement)]
    for statement in GRANTS:
        tried(session(), statement)
    return {"achieved": [statement for statement, state in said.items() if not state], "could not": left}
"""
ROLE = f"NOT IN ({WAITING_CLONES})"
OF_ROLES = f"NOT IN (SELECT oid FROM pg_authid WHERE rolname IN ({WAITING_CLONES}))"
WAITING_FOLDERS = f"SELECT oid FROM pg_database WHERE datname IN ({WAITING_CLONES})"

#: Columns of each shared table, and which rows are nobody's that waits. What depends on a role goes with the role.
SHARED = {
    "pg_database": (
        "datname, datallowconn, datistemplate, datconnlimit, coalesce(datacl, acldefault('d', datdba))",
        f"datname {ROLE}",
    ),
    "pg_tablespace": ("spcname, coalesce(spcacl, acldefault('t', spcowner))", "true"),
    "pg_authid": ("rolname, rolsuper, rolcanlogin, rolconnlimit, rolpassword", f"rolname {ROLE}"),
    "pg_auth_members": ("roleid, member", f"roleid {OF_ROLES}"),
    "pg_db_role_setting": ("*", f"setdatabase NOT IN ({WAITING_FOLDERS})"),
    "pg_shdescription": ("*", "true"),
    "pg_shseclabel": ("*", "true"),
    "pg_replication_origin": ("*", "true"),
    "pg_subscription": ("subname", "true"),
    "pg_prepared_xacts": ("gid", "true"),
    "pg_replication_slots": ("slot_name", "true"),
    "pg_shdepend": ("dbid, refobjid", f"refobjid {OF_ROLES} AND dbid NOT IN ({WAITING_FOLDERS})"),
}
FOLDERS = ("base", "pg_dynshmem", "pg_logical", "pg_replslot", "pg_snapshots", "pg_tblspc", "pg_twophase")

#: Made with the first file in it, and then kept.
TEMPORARY = "base/pgsql_tmp"


def attempt(field: Field) -> Outcome:
    field.slot.prove_sound()
    before = _state(field)
    with field.shop(attacking(SOURCE)) as guest:
        said, _ = told(guest)
    left = left_after(lambda: _state(field), before)
    if left or said["achieved"]:
        return Outcome(succeeded=True, reason=f"{said['achieved']}, left {left[:5]}")
    return Outcome(succeeded=False, reason=f"could not {said['could not']}" if said["could not"] else REASON)


def _state(field: Field) -> set[tuple[object, ...]]:
    """Rows of the tables that all databases share, and the names of what lies in the server's folders.

    Left out is what waits for the next guests.
    """
    cluster = cluster_of(field)
    rows = {
        (table, *map(str, row))
        for table, (columns, condition) in SHARED.items()
        for row in cluster.admin.execute(f"SELECT {columns} FROM {table} WHERE {condition}".encode()).fetchall()
    }
    waiting = {f"base/{oid}" for (oid,) in cluster.admin.execute(WAITING_FOLDERS.encode()).fetchall()}
    return rows | {("file", name) for name in _files(cluster._data) - waiting}


def _files(data: Path) -> set[str]:
    """Databases by their folders, and whatever else a session may put to a disk."""
    found = {str(path.relative_to(data)) for name in FOLDERS for path in (data / name).iterdir()}
    return {*found - {TEMPORARY}, *(str(path.relative_to(data)) for path in data.glob(f"{TEMPORARY}/*"))}


def control(field: Field) -> Outcome:
    before = _state(field)
    with field.shop(attacking(SOURCE)) as guest:
        told(guest)
        there = {str(one[1]).split("/")[0] for one in _state(field) - before if one[0] == "file"}
    wanted = {"base", "pg_snapshots"}
    return Outcome(succeeded=wanted <= there, reason=f"only {there}")
