"""Serves requests from the result socket to a WSGI application, one at a time, bodies capped while they stream."""

from __future__ import annotations

import io
import socket
import sys
import traceback
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

from djudge.guest.django_entry import Application
from djudge.guest.wire import ANSWER, BODY, END, REQUEST, FrameReader, Json, body, head, parse_head

_PIECE = 64 * 1024


def serve(channel: socket.socket, run: str, application: Application, limit: int) -> None:
    """Answer until the judge closes the socket."""
    frames = _frames(channel)
    for kind, payload in frames:
        if kind == REQUEST:
            request = parse_head(payload)
            content = _request_body(frames)
            answer = _Answer(channel, run, request["id"], limit)
            _answer(answer, application, request, content)


def _frames(channel: socket.socket) -> Iterator[tuple[bytes, bytes]]:
    reader = FrameReader()
    while piece := channel.recv(_PIECE):
        reader.feed(piece)
        while found := reader.take():
            yield found


def _request_body(frames: Iterator[tuple[bytes, bytes]]) -> bytes:
    pieces = []
    for kind, payload in frames:
        if kind == END:
            break
        if kind == BODY:
            pieces.append(payload)
    return b"".join(pieces)


def _answer(answer: _Answer, application: Application, request: dict[str, Json], content: bytes) -> None:
    result = None
    try:
        result = application(_environ(request, content), answer.start)
        for piece in result:
            if not answer.write(piece):
                break
        answer.finish(broken=False)
    except Exception:
        traceback.print_exc()
        answer.finish(broken=True)
    finally:
        _close(result)


def _close(result: object) -> None:
    close = getattr(result, "close", None)
    try:
        if close is not None:
            close()
    except Exception:
        traceback.print_exc()


class _Answer:
    """One answer on its way out: its head goes with the first bytes, as WSGI wants it."""

    def __init__(self, channel: socket.socket, run: str, number: Json, limit: int) -> None:
        self._channel = channel
        self._about: dict[str, Json] = {"run": run, "id": number}
        self._room = limit
        self._head: dict[str, Json] | None = None
        self._begun = False
        self._cut = False

    def start(self, status: str, headers: list[tuple[str, str]], error: object = None) -> Any:
        """WSGI's `start_response`."""
        if error is not None and self._begun:
            raise RuntimeError("The answer has begun already.")
        pairs: list[Json] = [[str(name), str(value)] for name, value in headers]
        self._head = {"status": int(status.split(" ", 1)[0]), "headers": pairs}
        return self.write

    def write(self, piece: bytes) -> bool:
        """Send a piece; False once the cap is reached, and the rest of the answer is not wanted."""
        self._begin()
        kept = piece[: self._room]
        self._room -= len(kept)
        self._cut = len(kept) < len(piece)
        for frame in body(kept):
            self._channel.sendall(frame)
        return not self._cut

    def finish(self, *, broken: bool) -> None:
        """Say that this was all."""
        torn = broken and self._begun
        if broken and not self._begun:
            self._head = {"status": 500, "headers": []}
        self._begin()
        self._channel.sendall(head(END, self._about | {"cut": self._cut, "broken": torn}))

    def _begin(self) -> None:
        if not self._begun:
            if self._head is None:
                raise RuntimeError("The application answered without a status.")
            self._channel.sendall(head(ANSWER, self._about | self._head))
            self._begun = True


def _environ(request: dict[str, Json], content: bytes) -> dict[str, Any]:
    target = str(request["target"])
    path, _, query = target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": str(request["method"]),
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(content),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    return environ | _header_variables(request["headers"])


def _header_variables(headers: Json) -> dict[str, str]:
    """Headers as WSGI names them; those that came twice are one, with commas."""
    variables: dict[str, str] = {}
    for pair in headers if isinstance(headers, list) else []:
        match pair:
            case [str(name), str(value)]:
                key = name.upper().replace("-", "_")
                key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
                variables[key] = f"{variables[key]},{value}" if key in variables else value
    return variables
