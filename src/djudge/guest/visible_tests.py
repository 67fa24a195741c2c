"""Runs a task's visible tests inside the guest, for `djudge try`.

Django's runner wants to create a database, which a guest may not: the judge hands over a clone with empty tables, and
the tests use it as it is. Around each request of a test a marker goes to the database on a connection of its own, so
that the judge can lay PostgreSQL's statements beside the requests. All of this is for the candidate's eyes: nothing of
it is evidence.
"""

import contextlib
import os
import sys

import django
import psycopg
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.test.runner import DiscoverRunner

MARK = "djudge-try"


class VisibleTestRunner(DiscoverRunner):
    """Django's own runner on the database that is already there."""

    def setup_databases(self, **kwargs):
        """Apply the submission's migrations; nothing is created, so nothing has to be destroyed."""
        call_command("migrate", verbosity=0, interactive=False)
        return []

    def teardown_databases(self, old_config, **kwargs):
        """The judge drops the clone."""


def run(labels):
    """The number of tests that failed; the report of them goes to standard error, as Django's does."""
    with marked_requests():
        return VisibleTestRunner(verbosity=2, interactive=False).run_tests(labels)


@contextlib.contextmanager
def marked_requests():
    """Send a marker before and after each request."""
    with psycopg.connect(os.environ["DATABASE_URL"].replace("postgres://", "postgresql://"), autocommit=True) as own:

        def begin(environ=None, **kwargs):
            asked = environ or {}
            query = asked.get("QUERY_STRING", "")
            address = asked.get("PATH_INFO", "") + (query and f"?{query}")
            mark(own, "begin", f"{asked.get('REQUEST_METHOD', 'GET')} {address}")

        def end(**kwargs):
            mark(own, "end", "")

        request_started.connect(begin, weak=False)
        request_finished.connect(end, weak=False)
        try:
            yield
        finally:
            request_started.disconnect(begin)
            request_finished.disconnect(end)


def mark(connection, moment, text):
    """One statement that the witness reads as a marker."""
    connection.execute(psycopg.sql.SQL("select {}").format(f"{MARK} {moment} {text[:300]}"))


if __name__ == "__main__":
    django.setup()
    sys.exit(run(sys.argv[1:]) and 1)
