"""The server's settings, by major version: throw-away, deterministic, and watched."""

from __future__ import annotations

from pathlib import Path
from typing import Final

type Value = str | int | bool

#: At least twice the largest template (GRADING.md, "Exam PostgreSQL"): nothing is ever evicted.
SHARED_BUFFERS_MB: Final = 416

#: Connections that a candidate can't take from the judge.
RESERVED_CONNECTIONS: Final = 8
CONNECTIONS: Final = 160

#: The whole of pg_hba.conf: the judge by password, everybody else only into the database that they are a member of.
ACCESS: Final = "local all postgres scram-sha-256\nlocal samerole all password\nlocal all all reject\n"

#: Nothing here survives a crash, and nothing has to.
_THROW_AWAY: Final[dict[str, Value]] = {
    "fsync": False,
    "synchronous_commit": False,
    "full_page_writes": False,
    "wal_level": "minimal",
    "max_wal_senders": 0,
    "max_wal_size": "256MB",
    "min_wal_size": "80MB",
    "checkpoint_timeout": "1d",
    "autovacuum": False,
    "restart_after_crash": False,
}

#: The same counts every time, alone or beside three others.
_DETERMINISTIC: Final[dict[str, Value]] = {
    "jit": False,
    "max_worker_processes": 0,
    "max_parallel_workers_per_gather": 0,
    "max_parallel_maintenance_workers": 0,
    "synchronize_seqscans": False,
    "shared_buffers": f"{SHARED_BUFFERS_MB}MB",
    "huge_pages": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "default_text_search_config": "pg_catalog.english",
}

_LIMITS: Final[dict[str, Value]] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0777",
    "max_connections": CONNECTIONS,
    "superuser_reserved_connections": RESERVED_CONNECTIONS,
    "temp_file_limit": "256MB",
    "max_prepared_transactions": 0,
    # Two guests that wait for each other are found out soon; nobody honest is harmed by the look.
    "deadlock_timeout": "100ms",
    # Files of the data folder instead of /dev/shm: gone with it, even after a crash.
    "dynamic_shared_memory_type": "mmap",
    "shared_memory_type": "mmap",
}

_WITNESS: Final[dict[str, Value]] = {
    "logging_collector": True,
    "log_destination": "jsonlog",
    "log_filename": "witness",
    "log_file_mode": "0600",
    "log_rotation_age": 0,
    "log_rotation_size": 0,
    "log_statement": "all",
    "log_error_verbosity": "verbose",
    "log_min_messages": "error",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": 0,
    "log_checkpoints": False,
    "log_lock_waits": False,
    "log_startup_progress_interval": 0,
    "compute_query_id": True,
    "track_activities": True,
    "track_counts": True,
    # Calls of functions that a candidate wrote: what such a function swallows leaves no plan.
    "track_functions": "all",
    "shared_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": 0,
    "auto_explain.sample_rate": 1,
    "auto_explain.log_analyze": True,
    "auto_explain.log_buffers": True,
    "auto_explain.log_timing": False,
    "auto_explain.log_triggers": False,
    # For the schema of each table: a temporary one of the same name must not stand in for it.
    "auto_explain.log_verbose": True,
    "auto_explain.log_nested_statements": True,
    "auto_explain.log_format": "json",
    "auto_explain.log_level": "log",
    "auto_explain.log_parameter_max_length": 0,
}

#: Settings that older versions refuse to start with, by the first major version that knows them.
_SINCE: Final[dict[int, dict[str, Value]]] = {16: {"reserved_connections": 4}, 18: {"io_method": "sync"}}

#: What initdb is told, by the first major version that knows it.
_INITDB: Final = (
    "--username=postgres",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--no-sync",
    "--no-instructions",
)
_INITDB_SMALL_WAL: Final = ("--wal-segsize=1",)


def settings_text(*, major: int, socket_folder: Path, log_folder: Path) -> str:
    """A whole postgresql.conf."""
    settings = {**_THROW_AWAY, **_DETERMINISTIC, **_LIMITS, **_WITNESS}
    for since, more in _SINCE.items():
        if major >= since:
            settings |= more
    settings |= {"unix_socket_directories": f'"{socket_folder}"', "log_directory": str(log_folder)}
    return "".join(f"{name} = {_quoted(value)}\n" for name, value in settings.items())


def initdb_arguments(major: int) -> list[str]:
    """Locale and authentication of a new cluster: byte order everywhere, so that no system library decides a sort."""
    arguments = [*_INITDB, *_INITDB_SMALL_WAL, "--locale=C"]
    if major >= 17:
        arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if major >= 18:
        arguments += ["--no-data-checksums"]
    return arguments


def _quoted(value: Value) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "'" + str(value).replace("'", "''") + "'"
