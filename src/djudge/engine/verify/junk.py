"""Submissions that answer anything to everything: they must crash nothing and earn nothing, in any task.

Each takes the place of the system's WSGI module, so that no task needs to write its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from djudge.engine.packs.model import Task
from djudge.engine.packs.submission import Submission
from djudge.engine.packs.tree import start_tree

_APPLICATION: Final = """
def application(environ, start_response):
    {body}
"""

_BODIES: Final[Mapping[str, str]] = {
    "empty-answer": "start_response('200 OK', [('Content-Type', 'text/html')]); return []",
    "noise": "start_response('200 OK', []); return [bytes(range(256)) * 256]",
    "server-error": "start_response('500 Oops', []); return [b'Traceback']",
    "raises": "raise RuntimeError('\\x1b[31m<script>' * 100)",
    "open-tags": "start_response('200 OK', []); return [b'<article class=product>' * 5000]",
    "not-http": "start_response('abc', 5); return 7",
    "deep-json": "start_response('200 OK', [('Content-Type', 'application/json')]); return [b'[' * 100000]",
    "leaves": "import os; os._exit(0)",
    "bare-callable": "return None",
}


def junk_for(task: Task) -> dict[str, Submission]:
    """Junk by name, made past the rules of submissions: the start with another WSGI module."""
    file = task.pack.wsgi.replace(".", "/") + ".py"
    start = start_tree(task)
    found = {}
    for name, body in _BODIES.items():
        changed = {file: _APPLICATION.format(body=body).encode()}
        found[name] = Submission(changed=changed, diffs={file: ""}, tree={**start, **changed})
    return found
