"""Whose file is this, and where did a statement come from?

A statement is told by the innermost line of the project that led to it, and by the line of the template that was being
rendered. Where neither is theirs (a list made by a framework from a serializer), the class of theirs that was at work.
"""

import os
import sys
import sysconfig

_OWN = os.path.dirname(os.path.abspath(__file__))
_STANDARD = os.path.abspath(sysconfig.get_paths()["stdlib"])
_PACKAGES = ("site-packages", "dist-packages")

#: Frameworks: a line of theirs says how, not where.
_FRAMEWORKS = ("django", "rest_framework", "psycopg", "psycopg2", "jinja2", "asgiref", "celery", "django_filters")

_roots = []
_tops = set()
_known = {}


def know(folder, tops):
    """The project lies in this folder, and in these top-level packages wherever they were installed."""
    _roots[:] = [os.path.abspath(folder)]
    _tops.update(tops)
    _known.clear()


def is_theirs(file):
    """Whether a line of this file is the project's own."""
    return rank(file) == 2


def is_ours(file):
    """Whether a line of this file is the check's."""
    return os.path.abspath(file).startswith(_OWN)


def rank(file):
    """2 the project's, 1 of a package that it uses, 0 of a framework, of Python or ours."""
    if file not in _known:
        _known[file] = _rank(file)
    return _known[file]


def _rank(file):
    path = os.path.abspath(file)
    if file.startswith("<") or is_ours(path):
        return 0
    package = _package(path)
    if package:
        return 2 if package in _tops else 0 if package in _FRAMEWORKS else 1
    if any(path.startswith(root + os.sep) for root in _roots):
        return 2
    return 0 if path.startswith(_STANDARD) else 1


def _package(path):
    """The top-level package of an installed file."""
    for folder in _PACKAGES:
        _, found, rest = path.rpartition(os.sep + folder + os.sep)
        if found:
            return rest.split(os.sep)[0]
    return ""


def shown(file):
    """A path as its owner would write it."""
    path = os.path.abspath(file)
    for folder in _PACKAGES:
        _, found, rest = path.rpartition(os.sep + folder + os.sep)
        if found:
            return rest
    for root in _roots:
        if path.startswith(root + os.sep):
            return os.path.relpath(path, root)
    return path


def place_of(frame):
    """Where the statement that is being executed here comes from; `at` is the innermost of what was found."""
    found = {"line": "", "template": "", "owner": "", "at": ""}
    best = 0
    while frame is not None:
        code = frame.f_code
        worth = rank(code.co_filename)
        if worth > best:
            found["line"] = f"{shown(code.co_filename)}:{frame.f_lineno}"
            found["at"] = found["template"] or found["line"]
            best = worth
        found["template"] = found["template"] or _template(frame)
        found["at"] = found["at"] or found["template"]
        found["owner"] = found["owner"] or _owner(frame)
        frame = frame.f_back
    found["at"] = found["at"] or found["owner"]
    return found


def _template(frame):
    """The line of the template that is being rendered in this frame."""
    if frame.f_code.co_name == "render_annotated":
        node = frame.f_locals.get("self")
        origin, token = getattr(node, "origin", None), getattr(node, "token", None)
        if origin is not None and token is not None:
            return f"{getattr(origin, 'template_name', None) or shown(str(origin))}:{token.lineno}"
    jinja = frame.f_globals.get("__jinja_template__")
    if jinja is not None:
        return f"{jinja.name}:{jinja.get_corresponding_lineno(frame.f_lineno)}"
    return ""


def _owner(frame):
    """A class of the project's whose object works in this frame, though the line is a framework's."""
    kind = type(frame.f_locals.get("self"))
    module = getattr(kind, "__module__", "")
    file = getattr(sys.modules.get(module), "__file__", None)
    return f"{module}.{kind.__qualname__}" if file and is_theirs(file) else ""
