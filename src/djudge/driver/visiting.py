"""Requests as somebody: Django's own test client, and what each of them asked of the database."""

import re
import sys
from contextlib import ExitStack, contextmanager
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.db import connections, transaction
from django.test import Client

from djudge.driver.faults import told
from djudge.driver.places import place_of

#: The name that requests are for.
HOST = {"name": "localhost"}

_MOST_BODY = 1_000_000
_LONGEST_STATEMENT = 30_000
_MOST_GROUPS = 400

_WRITE = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)

_clients = {}


def get(path, person, body=False, detailed=False, undo=False):
    """Ask for a page as this person ("" is a guest), with data caches as empty as after a start.

    `detailed` says of each statement where it comes from. With `undo` what the page wrote is taken back, as after a
    test. People who are signed out by the page are signed in again before the next one.
    """
    client = _client(person)
    for cache in caches.all():
        cache.clear()
    recorder = Recorder(detailed)
    with ExitStack() as stack:
        if undo:
            stack.enter_context(_taken_back())
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(recorder))
        answer = _asked(client, path)
        content, kind = _content(answer) if not isinstance(answer, dict) else (b"", "")
    asked = {"statements": recorder.count, "writes": list(recorder.writes), "groups": recorder.groups()}
    if isinstance(answer, dict):
        return {**asked, "status": 500, "fault": answer}
    text = content.decode(answer.charset or "utf-8", "replace")
    return {
        **asked,
        "status": answer.status_code,
        "location": answer.headers.get("Location", ""),
        "type": kind,
        "size": len(content),
        "body": text if body else "",
        "asks_password": 'type="password"' in text or "type='password'" in text,
        "signed_out": _forget_if_signed_out(client, person),
        "fault": _fault(answer),
    }


@contextmanager
def _taken_back():
    """A transaction that is rolled back, by the means of Django's own test cases: `durable` is no error in it."""
    around = transaction.atomic()
    around._from_testcase = True
    with around:
        yield
        transaction.set_rollback(True)


def _client(person):
    if person not in _clients:
        client = Client(raise_request_exception=False, HTTP_HOST=HOST["name"], SERVER_NAME=HOST["name"])
        if person:
            client.force_login(get_user_model()._default_manager.get_by_natural_key(person))
        _clients[person] = client
    return _clients[person]


def _asked(client, path):
    try:
        return client.get(quote(path))
    except Exception as error:  # of middleware around Django's own handling
        return told(error)


def _content(answer):
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if not answer.streaming:
        return answer.content[:_MOST_BODY], kind
    found = b""
    for chunk in answer:
        found += chunk if isinstance(chunk, bytes) else str(chunk).encode()
        if len(found) > _MOST_BODY:
            break
    return found[:_MOST_BODY], kind


def _fault(answer):
    """The exception behind a 500."""
    info = getattr(answer, "exc_info", None)
    return told(info[1]) if answer.status_code >= 500 and info and info[1] is not None else None


def _forget_if_signed_out(client, person):
    """Whether the page took the session away. Looks at the cookie alone: no statement of ours gets in between."""
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    gone = bool(person) and (cookie is None or not cookie.value)
    if gone:
        del _clients[person]
    return gone


class Recorder:
    """Counts statements, and groups them by text and place where it is asked to."""

    def __init__(self, detailed):
        self.count = 0
        self.writes = {}
        self._detailed = detailed
        self._groups = {}

    def __call__(self, execute, sql, params, many, context):
        """What `connection.execute_wrapper` calls around each statement."""
        self.count += 1
        written = _WRITE.match(str(sql))
        if written and written[2] != "django_session":
            self.writes[f"{written[1].split()[0]} {written[2]}"] = True
        if not self._detailed:
            return execute(sql, params, many, context)
        place = place_of(sys._getframe(1))
        try:
            return execute(sql, params, many, context)
        finally:
            self._note(str(sql), params, place, context)

    def groups(self):
        """Statements of one text from one place, the most frequent first."""
        ordered = sorted(self._groups.values(), key=lambda group: -group["count"])
        return ordered[:_MOST_GROUPS]

    def _note(self, sql, params, place, context):
        key = (sql, *place.values())
        if key not in self._groups:
            self._groups[key] = {"sql": _as_sent(sql, params, context), "count": 0, **place}
        self._groups[key]["count"] += 1


def _as_sent(sql, params, context):
    """The text as it reached the server, which has values where Django's has placeholders."""
    try:
        sent = context["connection"].ops.last_executed_query(context["cursor"], sql, params)
    except Exception:  # a statement that failed may have nothing to show
        sent = sql
    return str(sent or sql)[:_LONGEST_STATEMENT]
