"""Leaves the database by SQL: programs, files of the server, large objects, C functions, libraries, extensions.

None of it is open to an ordinary role.
"""

import os
from pathlib import Path

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import as_superuser, attacking, told

REASON = "refused, each"
STATEMENTS = (
    "COPY catalogue_product TO PROGRAM 'cat'",
    "COPY catalogue_product (name) FROM PROGRAM 'id'",
    "COPY catalogue_product TO '/tmp/out'",
    "COPY catalogue_product (name) FROM '/etc/passwd'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_read_binary_file('/etc/passwd')",
    "SELECT pg_ls_dir('/')",
    "SELECT pg_stat_file('/etc/passwd')",
    "SELECT * FROM pg_ls_logdir()",
    "SELECT pg_current_logfile()",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(lo_from_bytea(0, 'x'), '/tmp/out')",
    "LOAD '/tmp/evil.so'",
    "LOAD 'auto_explain'",
    "SET session_preload_libraries = 'evil'",
    "SET dynamic_library_path = '/tmp'",
    "CREATE FUNCTION system(cstring) RETURNS int LANGUAGE c AS 'libc.so.6', 'system'",
    "CREATE FUNCTION inner_thing(int) RETURNS int LANGUAGE internal AS 'int4abs'",
    "CREATE EXTENSION dblink",
    "CREATE EXTENSION postgres_fdw",
    "CREATE EXTENSION file_fdw",
    "CREATE EXTENSION plpython3u",
    "CREATE EXTENSION adminpack",
    "CREATE LANGUAGE plpython3u",
    "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION now()",
    "CREATE SUBSCRIPTION s CONNECTION 'host=/' PUBLICATION p",
    "CREATE TABLESPACE t LOCATION '/tmp'",
    "CREATE DATABASE other",
    "CREATE ACCESS METHOD m TYPE table HANDLER heap_tableam_handler",
    "CREATE OPERATOR CLASS o FOR TYPE int USING btree AS FUNCTION 1 btint4cmp(int, int)",
    "ALTER SYSTEM SET archive_command = 'id'",
    "SELECT pg_reload_conf()",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_hba_file_rules",
    "SELECT pg_promote()",
    "SELECT pg_create_physical_replication_slot('s')",
    "UPDATE pg_catalog.pg_authid SET rolsuper = true",
    "INSERT INTO pg_catalog.pg_proc DEFAULT VALUES",
    "CHECKPOINT",
)
#: Not allowed, no such file or library, not installed here, not a language, or needs what the server has not.
REFUSALS = {"42501", "58P01", "0A000", "42704", "55000", "22023", "55P02", "25001", "42883"}
SOURCE = f"""
from catalogue.sessions import session, tried


def attack():
    with session() as one:
        return {{statement: tried(one, statement) for statement in {STATEMENTS!r}}}
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        refused, _ = told(guest)
    achieved = [statement for statement, state in refused.items() if state == ""]
    if achieved:
        return Outcome(succeeded=True, reason=f"went through: {achieved}")
    other = {statement: state for statement, state in refused.items() if state not in REFUSALS}
    return Outcome(succeeded=False, reason=str(other) if other else REASON)


def control(field: Field) -> Outcome:
    """A superuser starts a program and reads the server's files."""
    file = Path("/tmp") / f"left{os.getpid()}"
    with as_superuser(field) as one:
        one.execute(f"COPY (SELECT 1) TO PROGRAM 'cat > {file}'".encode())
        row = one.execute("SELECT pg_read_file('/etc/passwd')").fetchone()
    started = file.exists()
    file.unlink(missing_ok=True)
    return Outcome(succeeded=started and bool(row), reason="nothing was started")
