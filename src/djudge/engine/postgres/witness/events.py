"""The server's log as events, each believed only for what the server itself must have written.

Candidate code can put any text into the log (`RAISE LOG`), and any name (`application_name`), but it can't
choose the function that wrote an event: `func_name` and `file_name` say whether it is a statement, a plan, or
noise.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final


class EventKind(Enum):
    """What an event of the log is evidence of."""

    STATEMENT = auto()
    EXECUTE = auto()
    FASTPATH = auto()
    PLAN = auto()
    ERROR = auto()


#: Where the server writes what: checked anew at each start by the self-check, since versions may rename.
SOURCES: Final = {
    ("postgres.c", "exec_simple_query"): EventKind.STATEMENT,
    ("postgres.c", "exec_execute_message"): EventKind.EXECUTE,
    ("fastpath.c", "HandleFunctionRequest"): EventKind.FASTPATH,
    ("auto_explain.c", "explain_ExecutorEnd"): EventKind.PLAN,
}

#: What a line that counts has in it. A flood of others is passed over unparsed.
_COUNTS: Final = re.compile(
    (
        f'"func_name":"(?:{"|".join(function for _, function in SOURCES)})"|"error_severity":"(?:ERROR|FATAL|PANIC)"'
    ).encode()
)

_OPENINGS: Final = {
    EventKind.STATEMENT: "statement: ",
    EventKind.EXECUTE: "execute ",
    EventKind.FASTPATH: "fastpath function call: ",
    EventKind.PLAN: "duration: ",
}

_TAIL: Final = re.compile(
    rb'"func_name":"(\w{1,100})","file_name":"([\w./]{1,200})","file_line_num":\d+'
    rb'(?:,"application_name":"(?:[^"\\]|\\.){0,400}")?(?:,"backend_type":"[^"]{0,60}")?(?:,"\w+":-?\d+){0,3}\}\Z'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event of the log that counts. `text` is its message without the opening; `cut`: too long to be read whole."""

    kind: EventKind
    role: str
    session: str
    pid: int
    text: str
    context: str = ""
    detail: str = ""
    state: str = ""
    size: int = 0
    cut: bool = False


def parse_event(line: bytes) -> Event | None:
    """The event of a line; None for what proves nothing (forged, debugging output, other processes)."""
    if not _COUNTS.search(line):
        return None
    return _event(_object(line.decode(errors="replace")), size=len(line))


def _object(text: str) -> dict[str, Any]:
    """An object; an empty one for what is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _event(found: dict[str, Any], *, size: int = 0, cut: bool = False) -> Event | None:
    kind = _kind(found)
    if kind is None or "user" not in found:
        return None
    message = str(found.get("message", ""))
    if kind is not EventKind.ERROR:
        opening = _OPENINGS[kind]
        if found.get("error_severity") != "LOG" or not message.startswith(opening):
            return None
        message = message[len(opening) :]
    return Event(
        kind=kind,
        role=str(found["user"]),
        session=str(found.get("session_id", "")),
        pid=pid if isinstance(pid := found.get("pid"), int) else 0,
        text=message,
        context=str(found.get("context", "")),
        detail=str(found.get("detail", "")),
        state=str(found.get("state_code", "")),
        size=size,
        cut=cut,
    )


def _kind(found: dict[str, Any]) -> EventKind | None:
    if found.get("error_severity") in ("ERROR", "FATAL", "PANIC"):
        return EventKind.ERROR
    return SOURCES.get((str(found.get("file_name", "")).rpartition("/")[2], str(found.get("func_name", ""))))


def parse_cut_event(head: bytes, tail: bytes) -> Event | None:
    """The event of a line too long to be kept, from both its ends.

    In JSON a quote inside a value is escaped, so that a key with plain quotes around it is the server's.
    """
    start = head.find(b',"message":"')
    source = _TAIL.search(tail)
    if start < 0 or source is None:
        return None
    found = _object(head[:start].decode(errors="replace") + "}")
    message = head[start + 12 :].decode(errors="replace").replace("\\n", "\n").replace('\\"', '"')
    found |= {"message": message, "func_name": source[1].decode(), "file_name": source[2].decode()}
    return _event(found, cut=True)
