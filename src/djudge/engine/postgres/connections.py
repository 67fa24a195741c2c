"""Open the judge's own connections, and say what a broken one means."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import psycopg

type Connection = psycopg.Connection[tuple[Any, ...]]

#: Candidates can change what a session starts with (ALTER ROLE, ALTER DATABASE), but not what it asks for
#: itself. The judge's own statements stay out of the witness' log.
ADMIN_OPTIONS: Final = (
    "-c search_path=pg_catalog -c statement_timeout=0 -c lock_timeout=20s -c transaction_timeout=0 "
    "-c idle_in_transaction_session_timeout=0 -c log_statement=none -c auto_explain.log_min_duration=-1 "
    "-c standard_conforming_strings=on -c default_transaction_isolation=read\\ committed "
    "-c default_transaction_read_only=off -c client_encoding=UTF8 -c row_security=off"
)

#: The nonce that ends a reading is the one statement of the judge's that the log must hold.
MARKER_OPTIONS: Final = (
    "-c search_path=pg_catalog -c statement_timeout=10s -c log_statement=all -c auto_explain.log_min_duration=-1"
)

#: Arranging waits for a candidate's locks for a while, never for ever. A schema named like the owner does not shadow
#: the task's tables.
ARRANGE_OPTIONS: Final = (
    "-c search_path=public -c statement_timeout=60s -c lock_timeout=10s -c standard_conforming_strings=on "
    "-c client_encoding=UTF8"
)


def open_connection(
    *, socket_folder: Path, user: str, password: str, database: str, options: str, major: int
) -> Connection:
    """A connection in autocommit mode; about 2 ms. Raises psycopg.Error."""
    if major < 17:
        options = options.replace("-c transaction_timeout=0 ", "")
    return psycopg.connect(
        host=str(socket_folder),
        port=5432,
        user=user,
        password=password,
        dbname=database,
        options=options,
        application_name="djudge",
        sslmode="disable",
        gssencmode="disable",
        connect_timeout=10,
        autocommit=True,
        prepare_threshold=None,
    )
