"""The main pages of a team at one size: what each asks of PostgreSQL, and what it answers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.web.counters import Counters
from bench.web.data import Growing
from djudge.web.hiring.access import token_of
from djudge.web.workspace.access import token_of as sitting_token

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_NEXT = re.compile(r'<a href="([^"]+)" rel="next"')

#: What differs between two answers that say the same: ids, signed links, the form's token, then numbers.
_DRAWN = re.compile(
    rb'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=/status/)[^/"]+|(?<=/work/)[^/"]+'
    rb'|name="csrfmiddlewaretoken" value="\w+"'
)
_NUMBER = re.compile(rb"\b\d+\b")


def measured(team: Growing, counters: Counters) -> Mapping[str, Mapping[str, Any]]:
    """Each page's figures, by its name. Each is asked for once before, so that what is kept once is not counted."""
    client = Client(headers={"host": "localhost"})
    client.force_login(team.owner, backend=_BACKEND)
    counters.settle()
    addresses = dict(_addresses(team, client))
    for address in addresses.values():
        client.get(address)
    return {name: _measured(client, address, counters) for name, address in addresses.items()}


def _addresses(team: Growing, client: Client) -> Iterator[tuple[str, str]]:
    board = reverse("hiring:job", args=[team.job.pk])
    table = f"{board}?as=table"
    application = team.graded.pk
    yield "job list", reverse("hiring:job-list")
    yield "board", board
    yield "table", table
    yield "table, second page", board + _following(client, table)
    yield "search on the board", f"{board}?{urlencode({'q': 'candidate 000042'})}"
    yield "search, one found", f"{board}?{urlencode({'as': 'table', 'q': 'candidate 000042'})}"
    yield "search, all found", f"{board}?{urlencode({'as': 'table', 'q': 'candidate'})}"
    yield "search, two letters", f"{board}?{urlencode({'as': 'table', 'q': 'zz'})}"
    yield "application", reverse("workspace:application", args=[application])
    yield "level", reverse("workspace:level", args=[application])
    yield "outbox", reverse("organizations:outbox")
    yield "audit log", reverse("organizations:audit")
    yield "candidate's status", reverse("workspace:status", args=[token_of(team.graded)])
    yield "workspace", reverse("workspace:work", args=[sitting_token(team.working), 1])


def _following(client: Client, address: str) -> str:
    """Where the page's own link to the next one leads."""
    found = _NEXT.search(client.get(address).content.decode())
    if found is None:
        raise SystemExit(f"bench: {address} has no next page.")
    return html.unescape(found[1])


def _measured(client: Client, address: str, counters: Counters) -> Mapping[str, Any]:
    connection.ensure_connection()
    with CaptureQueriesContext(connection) as captured, counters.counting(connection.connection) as found:
        answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"bench: {address} answered {answer.status_code}.")
    asked = found[0]
    reads = [query["sql"] for query in captured.captured_queries if query["sql"].lstrip("( ").startswith("SELECT")]
    return {
        "statements": asked.statements,
        "rows": asked.rows,
        "bytes": len(answer.content),
        "bytes_but_numbers": len(_NUMBER.sub(b"", _DRAWN.sub(b"", answer.content))),
        "received": asked.received,
        "blocks": asked.blocks,
        "rows_read": counters.rows_read(reads),
        "scans": counters.grown_scans(reads),
    }
