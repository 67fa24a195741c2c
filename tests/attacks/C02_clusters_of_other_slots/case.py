"""Calls the real database server of another slot, and its own server under every name but its own.

The guest's root holds the socket of its own server alone; there, only its own role is let into its own database. In the
control a guest without a root of its own reaches the other server.
"""

from pathlib import Path

from tests.attacks.battery import SMALL, Field, Outcome
from tests.attacks.hostile_shop import attacking, cluster_of, told

from djudge.engine.folders import scratch_folder
from djudge.engine.postgres.binaries import find_binaries
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.sandbox.contract import Layer

REASON = "another server not found, other names not let in"
SOURCE = """
import os

import psycopg


def words(**options):
    try:
        psycopg.connect("", connect_timeout=3, **options).close()
    except psycopg.OperationalError as error:
        return str(error)
    return ""


def attack():
    name = os.environ["PGDATABASE"]
    return {
        "other server": words(host=OTHER),
        "other server, below the host": words(host="/host" + OTHER),
        "the machine's server": words(host="/var/run/postgresql"),
        "by TCP": words(host="127.0.0.1"),
        "superuser": words(user="postgres", password=""),
        "superuser, own password": words(user="postgres"),
        "superuser's database": words(dbname="postgres"),
        "replication": words(replication="database"),
        "owner": words(user=name),
        "judge's role": words(user=name + "_0"),
    }
"""
EXPECTED = {
    "other server": "No such file or directory", "other server, below the host": "No such file or directory",
    "the machine's server": "No such file or directory", "by TCP": "connection is bad",
    "superuser": "no password supplied", "superuser, own password": "password authentication failed",
    "superuser's database": "pg_hba.conf rejects connection", "replication": "max_wal_senders",
    "owner": "authentication failed", "judge's role": "pg_hba.conf rejects connection",
}  # fmt: skip
CONNECTS = """
import socket
from calls import told

def attack(path):
    with socket.socket(socket.AF_UNIX) as one:
        return {"connect": told(one.connect, path)}
"""


def attempt(field: Field) -> Outcome:
    cluster_of(field)
    with scratch_folder() as folder, _another(field, folder) as other:
        with field.shop(attacking(SOURCE.replace("OTHER", repr(str(other.socket_folder))))) as guest:
            said, _ = told(guest)
        untouched = other.admin.execute("SELECT count(*) FROM pg_stat_activity WHERE usename <> 'postgres'").fetchone()
    entered = [name for name, words in said.items() if not words]
    if entered or untouched != (0,):
        return Outcome(succeeded=True, reason=f"let in: {', '.join(entered)}")
    strange = [f"{name}: {said[name]}" for name, words in EXPECTED.items() if words not in said[name]]
    return Outcome(succeeded=False, reason=", ".join(strange) or REASON)


def _another(field: Field, folder: Path) -> Cluster:
    """Of the same user as the field's: the hardest case."""
    return Cluster(folder=folder, binaries=find_binaries(), identity=cluster_of(field).identity)


def control(field: Field) -> Outcome:
    with scratch_folder() as folder, _another(field, folder) as other:
        path = f"/host{other.socket_folder}/.s.PGSQL.5432"
        tried = field.program(CONNECTS, path, without=[Layer.MOUNTS, Layer.LANDLOCK], limits=SMALL)
    return tried.achieved(["connect"])
