"""A throw-away PostgreSQL of the platform that counts what is asked of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from djudge.launch.place import Place
from djudge.launch.postgres import PlatformPostgres


@contextmanager
def scratch_root() -> Iterator[Path]:
    """A folder that is gone afterwards; the servers' own users pass through it."""
    root = Path(tempfile.mkdtemp(prefix="djudge-bench-"))
    root.chmod(0o711)
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


@contextmanager
def counting_postgres() -> Iterator[Mapping[str, str]]:
    """The environment of a platform whose PostgreSQL runs with `pg_stat_statements`; nothing else speaks to it.

    The cache and the broker are in the process, so that no beat and no worker of ours are counted along.
    """
    with scratch_root() as root:
        sockets = root / "sockets"
        sockets.mkdir(mode=0o711)
        server = PlatformPostgres(Place(root, sockets))
        with server, psycopg.connect(server.url, autocommit=True) as admin:
            admin.execute("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
            # It is thrown away: nothing of it has to survive a crash, and no count depends on that.
            admin.execute("ALTER SYSTEM SET fsync = off")
            admin.execute("ALTER SYSTEM SET max_wal_size = '4GB'")
            admin.execute("CREATE EXTENSION pg_stat_statements")
        with server:
            yield {
                **{name: value for name, value in os.environ.items() if name not in ("BROKER_URL", "CACHE_URL")},
                "DJANGO_SETTINGS_MODULE": "djudge.web.config.settings",
                "SECRET_KEY": "only for figures",
                "DATABASE_URL": server.url,
                "DATABASE_POOL": "0",
                "FILES": str(root / "files"),
                "STATIC_ROOT": str(root / "static"),
            }
