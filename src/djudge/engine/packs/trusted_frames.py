"""What crosses the pipe between the judge and the child that runs an author's code: JSON in frames, errors by
name.
"""

from __future__ import annotations

import json
import struct
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from djudge.engine.errors import (
    CandidateFault,
    DjudgeError,
    InfrastructureError,
    OperatorFault,
    SandboxUnavailable,
    SubmissionRefused,
    TaskFault,
)
from djudge.engine.values import Json

RESULT: Final = b"R"
ERROR: Final = b"E"
PROGRESS: Final = b"P"

#: Room for the words of an error beside the result that it stands for.
ERROR_BYTES: Final = 256 * 1024

_HEAD: Final = struct.Struct("!cI")
_TRACE_CHARACTERS: Final = 16_000

#: The errors that cross, the most special first, with the attributes that make them again.
_ERRORS: Final[Mapping[str, tuple[type[DjudgeError], tuple[str, ...]]]] = {
    "SubmissionRefused": (SubmissionRefused, ("what", "cure", "kind", "file")),
    "CandidateFault": (CandidateFault, ("what", "cure", "phase", "kind", "detail", "file", "line")),
    "TaskFault": (TaskFault, ("what", "cure", "path", "line")),
    "SandboxUnavailable": (SandboxUnavailable, ("layer", "what", "cure")),
    "OperatorFault": (OperatorFault, ("what", "cure")),
    "InfrastructureError": (InfrastructureError, ("what", "cure", "kind")),
    "DjudgeError": (DjudgeError, ("what", "cure")),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: its kind, and its content as JSON."""

    kind: bytes
    content: Json


@dataclass(slots=True)
class FrameReader:
    """Takes frames out of a stream of bytes. Raises TaskFault for one that is larger than allowed."""

    _held: bytearray = field(default_factory=bytearray)

    def feed(self, piece: bytes, *, most: int) -> Iterator[Frame]:
        """The frames that are complete with this piece."""
        self._held += piece
        while len(self._held) >= _HEAD.size:
            kind, length = _HEAD.unpack_from(self._held)
            if length > max(most, ERROR_BYTES):
                raise TaskFault(f"The task's code sent a frame of {length} bytes.", f"{most} are allowed.")
            end = _HEAD.size + length
            if len(self._held) < end:
                return
            content = bytes(self._held[_HEAD.size : end])
            del self._held[:end]
            yield Frame(kind, _parsed(content))


def _parsed(content: bytes) -> Json:
    """What a child of ours writes is JSON; the code that it runs can write there too."""
    try:
        parsed: Json = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise TaskFault("The task's code wrote into the pipe of its answer.", "It has to return it.") from error
    return parsed


def frame(kind: bytes, text: str) -> bytes:
    """A frame from JSON text."""
    content = text.encode("ascii")
    return _HEAD.pack(kind, len(content)) + content


def error_to_json(error: BaseException, author: Path | None) -> Json:
    """An error by name. One that is not the engine's own is the author's where it passed through the author's
    code.
    """
    path, line = author_place(error, author)
    if isinstance(error, TaskFault) and error.path is None:
        error.path, error.line = path, line
    if not isinstance(error, DjudgeError):
        error = _crash(error, author, path, line)
    for name, (kind, attributes) in _ERRORS.items():
        if isinstance(error, kind):
            return {
                "error": name,
                **{attribute: _plain(getattr(error, attribute)) for attribute in attributes},
            }
    raise TypeError(f"{type(error).__name__} has no name to cross by.")


def error_from_json(content: Json) -> DjudgeError:
    """The error again, as the type that it was."""
    name = content.get("error") if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(name, str) or name not in _ERRORS:
        return InfrastructureError("The child that runs a task's code sent an error without a name.")
    kind, attributes = _ERRORS[name]
    values: dict[str, object] = {attribute: content.get(attribute) for attribute in attributes}
    if values.get("path") is not None:
        values["path"] = Path(str(values["path"]))
    made: DjudgeError = kind(**values)  # type: ignore[arg-type]
    return made


def author_place(error: BaseException, author: Path | None) -> tuple[Path | None, int | None]:
    """The innermost line of the author's that the error passed through; the folder where none is."""
    if isinstance(error, SyntaxError) and error.filename and author and Path(error.filename).is_relative_to(author):
        return Path(error.filename), error.lineno
    for entry in reversed(traceback.extract_tb(error.__traceback__)):
        if author and Path(entry.filename).is_relative_to(author):
            return Path(entry.filename), entry.lineno
    return author, None


def _crash(error: BaseException, author: Path | None, path: Path | None, line: int | None) -> DjudgeError:
    trace = "".join(traceback.format_exception(error))[-_TRACE_CHARACTERS:]
    summary = "".join(traceback.format_exception_only(error)).strip()[:500]
    if author is not None and line is None:
        return InfrastructureError(f"{summary}\n{trace}", "Please report this.", kind="engine_crashed")
    return TaskFault(f"The task's code raised {summary}\n{trace}", "Mend the line.", path=path, line=line)


def _plain(value: object) -> Json:
    if value is None or isinstance(value, int):
        return value
    return str(value)[:_TRACE_CHARACTERS]
