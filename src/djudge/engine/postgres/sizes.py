"""How much disk and memory a run takes: PostgreSQL has no quota, so the judge looks, and stops the guest."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from djudge.engine.errors import CandidateFault, InfrastructureError, OperatorFault
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.databases import Database

_MEGABYTE = 1024 * 1024

_SIZES = """
SELECT pg_database_size(%s),
  (SELECT coalesce(sum(size), 0) FROM pg_ls_tmpdir()),
  (SELECT coalesce(sum(size), 0) FROM pg_ls_waldir()),
  (SELECT array_agg(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND usename <> 'postgres')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What one run may take, in megabytes. `free_mb` is what must stay free: a full disk brings the server down."""

    database_mb: int = 768
    temporary_mb: int = 512
    memory_mb: int = 1024
    free_mb: int = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Bytes of one database, and of its whole server: temporary files, sessions' memory, write-ahead log, own log."""

    database: int
    temporary: int
    memory: int
    wal: int
    log: int
    free: int


def read_sizes(database: Database) -> Sizes:
    """The sizes now; 1.5 ms. Raises InfrastructureError."""
    cluster = database.cluster
    with cluster.guarded():
        row = cluster.admin.execute(_SIZES, [database.name]).fetchone()
    if row is None:
        raise InfrastructureError("The exam PostgreSQL told no sizes.", kind="server_refused")
    disk = os.statvfs(cluster.log_file)
    return Sizes(
        database=int(row[0]),
        temporary=int(row[1]),
        memory=sum(_private_memory(pid) for pid in row[3] or ()),
        wal=int(row[2]),
        log=cluster.log_file.stat().st_blocks * 512,
        free=disk.f_bavail * disk.f_frsize,
    )


def require_quota(database: Database, quota: Quota) -> Sizes:
    """The sizes, when they are within the quota. Call it while the guest works, at each tick of its deadline.

    Raises CandidateFault of kind `database_limit`, `temporary_limit` or `database_memory_limit`, and
    InfrastructureError of kind `disk_full` when the disk runs out for another reason. The log's own limit is the
    witness' (`require_bounded_log`).
    """
    sizes = read_sizes(database)
    if sizes.database > quota.database_mb * _MEGABYTE:
        raise _beyond("database_limit", "The database", quota.database_mb)
    if sizes.temporary > quota.temporary_mb * _MEGABYTE:
        raise _beyond("temporary_limit", "Sorts and joins", quota.temporary_mb)
    if sizes.memory > quota.memory_mb * _MEGABYTE:
        raise _beyond("database_memory_limit", "The database sessions", quota.memory_mb)
    if sizes.free < quota.free_mb * _MEGABYTE:
        raise InfrastructureError("The disk of the exam databases is nearly full.", kind="disk_full")
    return sizes


def require_room(cluster: Cluster, *, for_all: bool = False) -> None:
    """Refuse a disk on which every run would end for want of room. Call it before anything of a candidate's runs.

    `for_all`: a disk on which a run within its quota could end so, and be blamed for it. Raises OperatorFault.
    """
    quota = Quota()
    wanted = quota.free_mb + (quota.database_mb + quota.temporary_mb if for_all else 0)
    place = cluster.log_file.parent
    disk = os.statvfs(place)
    free = disk.f_bavail * disk.f_frsize // _MEGABYTE
    if free < wanted:
        raise OperatorFault(
            f"The disk is nearly full: {free} MB are free at {place}, and exam databases need {wanted}.",
            "Free some space, or name a folder with 2 GB of room in DJUDGE_SCRATCH.",
        )


def _private_memory(pid: int) -> int:
    """What a session's process holds for itself, without the buffers that all share; 0 when it has just ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"(?m)^RssAnon:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


def _beyond(kind: str, what: str, megabytes: int) -> CandidateFault:
    return CandidateFault(
        f"{what} took more than {megabytes} MB.",
        "Write less, or sort and join fewer rows at a time.",
        phase="observing",
        kind=kind,
    )
