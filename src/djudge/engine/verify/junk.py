"""Submissions that answer anything to everything: they must crash nothing and earn nothing, in any task.

Each takes the place of the system's WSGI module, or of the modules that a task of plain Python has candidates edit, so
that no task needs to write its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from djudge.engine.packs.manifests import glob_to_pattern
from djudge.engine.packs.model import Task
from djudge.engine.packs.submission import Submission
from djudge.engine.packs.tree import Tree, start_tree

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
    "leads-nowhere": "start_response('302 Found', [('Location', 'http://['), ('Set-Cookie', '=;=\\x7f')]); return []",
    "broken-form": "start_response('200 OK', []); return [b'<form action=\\'//[x]/\\' method=post><input name=a>' * 9]",
    "leaves": "import os; os._exit(0)",
    "bare-callable": "return None",
}

#: A module that has every name; `{answer}` is what all of them are.
_MODULE: Final = """
class Junk:
    def __init__(self, *args, **kwargs): pass
    def __call__(self, *args, **kwargs): {answer}
    def __getattr__(self, name):
        if name.startswith("__"): raise AttributeError(name)
        return self
    def __eq__(self, other): return True
    def __hash__(self): return 0
    def __len__(self): return 1
    def __bool__(self): return True
    def __repr__(self): return "None"
    def __iter__(self): return iter([self])
    def __enter__(self): return self
    def __exit__(self, *raised): return True
    async def __aenter__(self): return self
    async def __aexit__(self, *raised): return True
    def __await__(self):
        return self
        yield

def __getattr__(name):
    if name.startswith("__"): raise AttributeError(name)
    return Junk()
"""

#: Calls whatever it is given with what nobody expects, in a thread of its own as some answers never come.
_MISUSES: Final = """
import asyncio, threading

LONG = "k" * 300
VALUES = [
    10 ** 400, -1, float("inf"), float("nan"), None, b"\\xff", "\\ud800", object(), (1, "a", None), ["x", [[]]],
    {1: "a", "1": b"b", LONG + "a": 1, LONG + "b": None, None: {}, (1, 2): "c"},
]

async def soon(awaitable):
    return await asyncio.wait_for(awaitable, 0.05)

def misuse(function):
    for value in VALUES:
        for given in ((value,), (value, value)):
            try:
                answer = function(*given)
                if hasattr(answer, "__await__"):
                    asyncio.run(soon(answer))
            except BaseException:
                pass

def misuse_all(*values):
    for thread in [threading.Thread(target=misuse, args=[one], daemon=True) for one in values if callable(one)]:
        thread.start()
        thread.join(1)
"""

#: The judge asks the guest's own standard library what lies where.
_LIES: Final = """
import os, pathlib

os.listdir = lambda *args: [1, None, b"x"]
os.walk = lambda *args, **kwargs: iter([None, (), (1,), (1, 2, 3), ([], 5, {}), "abc", ("a", "bc", [[1]])])
os.fstat = lambda *args: (10 ** 400,) * 9
os.path.exists = lambda *args: 1
os.path.dirname = os.path.abspath = os.path.basename = lambda *args: 7
pathlib.Path.iterdir = lambda self: iter([None, 5, {}])
pathlib.Path.read_bytes = lambda self: "no bytes"
pathlib.Path.write_bytes = lambda self, content: "none written"
"""
_MODULES: Final[Mapping[str, str]] = {
    "nothing": "",
    "always-agrees": _MODULE.format(answer="return self"),
    "hands-back": _MODULE.format(answer="return args[0] if args else self"),
    "none": _MODULE.format(answer="return None"),
    "raises": _MODULE.format(answer="raise RuntimeError('\\x1b[31m<script>' * 100)"),
    "noise": _MODULE.format(answer="return ['\\ud800', float('nan'), {1: [[[[[[[[]]]]]]]]}, b'x' * 90000, 9 ** 9999]"),
    "misuses": _MISUSES + _MODULE.format(answer="misuse_all(*args, *kwargs.values()); return self"),
    "lies-about-files": _LIES + _MODULE.format(answer="return self"),
    "leaves": _MODULE.format(answer="import os; os._exit(0)"),
    "fails-to-import": "raise RuntimeError('junk')",
    "prints": _MODULE.format(answer="print('passed ' * 1000); return True"),
}


def junk_for(task: Task) -> dict[str, Submission]:
    """Junk by name, made past the rules of submissions: the start with other modules."""
    start = start_tree(task)
    found = {}
    for name, files in _junk_files(task, start).items():
        changed = {path: text.encode() for path, text in files.items()}
        found[name] = Submission(changed=changed, diffs=dict.fromkeys(changed, ""), tree={**start, **changed})
    return found


def _junk_files(task: Task, start: Tree) -> dict[str, dict[str, str]]:
    if task.pack.wsgi:
        file = task.pack.wsgi.replace(".", "/") + ".py"
        return {name: {file: _APPLICATION.format(body=body)} for name, body in _BODIES.items()}
    edited = [path for path in start if path.endswith(".py") and _is_editable(task, path)]
    return {name: dict.fromkeys(edited, text) for name, text in _MODULES.items()}


def _is_editable(task: Task, path: str) -> bool:
    return any(glob_to_pattern(glob).fullmatch(path) for glob in task.editable)
