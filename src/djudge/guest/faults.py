"""Turns an exception of candidate code into words that the judge can show, with the place in the tree."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from djudge.guest.wire import Json

_DETAIL: Final = 8000
_WHAT: Final = 300
_OWN_FOLDER: Final = os.path.dirname(__file__)


class Setback(Exception):
    """Candidate code raised `error` while the guest was in `phase`; `kind` is the word for it if nothing
    fits better.
    """

    def __init__(self, phase: str, kind: str, error: BaseException) -> None:
        super().__init__(phase, kind)
        self.phase = phase
        self.kind = kind
        self.error = error


@contextmanager
def setback(phase: str, kind: str) -> Iterator[None]:
    """Turn whatever is raised inside, even an exit, into a `Setback`."""
    try:
        yield
    except BaseException as error:
        raise Setback(phase, kind, error) from error


def as_fault(setback: Setback, tree: str) -> dict[str, Json]:
    """The fields of a fault frame."""
    error = setback.error
    file, line = _place(error, tree)
    return {
        "phase": setback.phase,
        "kind": _kind(error, setback.kind),
        "what": _clean(f"{type(error).__name__}: {_text(error)}")[:_WHAT],
        "detail": _clean("".join(_format(error)))[-_DETAIL:],
        "file": file,
        "line": line,
    }


def _kind(error: BaseException, otherwise: str) -> str:
    for kind, types in (
        ("syntax_error", SyntaxError),
        ("import_error", ImportError),
        ("memory_limit", MemoryError),
        ("exited", SystemExit),
    ):
        if isinstance(error, types):
            return kind
    if type(error).__name__ == "ImproperlyConfigured":
        return "settings_error"
    return otherwise


def _place(error: BaseException, tree: str) -> tuple[str | None, int | None]:
    """The innermost place that lies in the candidate's tree."""
    if isinstance(error, SyntaxError) and error.filename:
        file = _inside(error.filename, tree)
        if file:
            return file, error.lineno
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        file = _inside(frame.f_code.co_filename, tree)
        if file:
            return file, line
    return None, None


def _inside(filename: str, tree: str) -> str | None:
    path = os.path.normpath(filename)
    return path[len(tree) + 1 :] if path.startswith(tree + "/") else None


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "(an error whose text can't be read)"


def _format(error: BaseException) -> list[str]:
    """The traceback without our own frames above the candidate's."""
    trace = error.__traceback__
    while trace is not None and os.path.dirname(trace.tb_frame.f_code.co_filename) == _OWN_FOLDER:
        trace = trace.tb_next
    try:
        return traceback.format_exception(type(error), error, trace)
    except Exception:
        return [type(error).__name__]


def _clean(text: str) -> str:
    """Without lone surrogates, which no judge would take."""
    return text.encode("utf-8", "replace").decode("utf-8")
