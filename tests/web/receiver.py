"""A system of somebody else's on loopback that is told things: a real server, with the moods that such systems have."""

from __future__ import annotations

import base64
import hmac
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

HOST: Final = "127.0.0.1"

ANSWERS: Final[dict[str, bytes]] = {
    "well": b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n",
    "refuses": b"HTTP/1.1 500 Broken\r\ncontent-length: 5\r\n\r\nNo \x00!",
    "is gone": b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n",
    "is busy": b"HTTP/1.1 503 Later\r\nretry-after: 3600\r\ncontent-length: 0\r\n\r\n",
    "redirects": b"HTTP/1.1 307 Elsewhere\r\nlocation: http://169.254.169.254/latest/\r\ncontent-length: 0\r\n\r\n",
    "lies about packing": b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 9\r\n\r\nnot gzip.",
    "speaks something else": b"220 mail.example.org ESMTP\r\n",
    "says hostile things": (
        b"HTTP/1.1 500 No\r\nconnection: close\r\n\r\n"
        b"</pre><script>alert(1)</script>\x1b[2J\x00\xff\xfe\xe2\x80\xae\xed\xa0\x80"
    ),
    "cuts off": b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nonly this",
    "says no in its envelope": (
        b'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{"success": false, "errors": ["assessment_not_found"]}'
    ),
    "hangs up": b"",
}


@dataclass
class Told:
    """One request, as it came."""

    path: str
    headers: dict[str, str]
    body: bytes
    method: str = "POST"

    @property
    def data(self) -> Any:
        return json.loads(self.body)


def is_signed(told: Told, secret: str, now: float | None = None) -> bool:
    """The check of a receiver, by the words of the specification and by nothing of ours."""
    sent = told.headers
    if abs((now or time.time()) - int(sent["webhook-timestamp"])) > 300:
        return False
    key = base64.b64decode(secret.split("_", 1)[1])
    content = b".".join([sent["webhook-id"].encode(), sent["webhook-timestamp"].encode(), told.body])
    expected = base64.b64encode(hmac.new(key, content, "sha256").digest()).decode()
    every = [each.split(",", 1) for each in sent["webhook-signature"].split(" ")]
    return any(version == "v1" and hmac.compare_digest(given, expected) for version, given in every)


@dataclass
class Receiver:
    """It answers as its `mood` says; what it was told is in `told`."""

    listening: socket.socket
    mood: str = "well"
    told: list[Told] = field(default_factory=list)
    connections: int = 0
    written: int = 0
    tls: ssl.SSLContext | None = None

    @property
    def port(self) -> int:
        return int(self.listening.getsockname()[1])

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}/djudge"

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(30)
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                self.told.append(self._read(connection))
                self._answer(connection)

    def _read(self, connection: socket.socket) -> Told:
        content = b""
        while b"\r\n\r\n" not in content:
            content += connection.recv(65536) or _broken()
        head, _, body = content.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", 0)):
            body += connection.recv(65536) or _broken()
        return Told(first.split(" ")[1], headers, body, first.split(" ")[0])

    def _answer(self, connection: socket.socket) -> None:
        if self.mood == "hangs":
            time.sleep(30)
        elif self.mood == "drips its headers":
            for byte in b"HTTP/1.1 200 OK\r\nx-slow: " + b"a" * 10_000:
                self._write(connection, bytes([byte]))
                time.sleep(0.05)
        elif self.mood == "drips":
            self._write(connection, b"HTTP/1.1 500 Slow\r\ncontent-length: 10000\r\n\r\n")
            while True:
                self._write(connection, b".")
                time.sleep(0.05)
        elif self.mood == "never ends":
            self._write(connection, b"HTTP/1.1 500 Much\r\nconnection: close\r\n\r\n")
            while True:
                self._write(connection, b"x" * 65536)
        elif self.mood == "has endless headers":
            self._write(connection, b"HTTP/1.1 200 OK\r\n")
            while True:
                self._write(connection, b"x-more: " + b"y" * 8000 + b"\r\n")
        else:
            connection.sendall(ANSWERS[self.mood])

    def _write(self, connection: socket.socket, content: bytes) -> None:
        connection.sendall(content)
        self.written += len(content)


def _broken() -> bytes:
    raise ConnectionError


@contextmanager
def receiving(host: str = HOST, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """One that runs."""
    with socket.create_server((host, 0)) as listening:
        receiver = Receiver(listening, tls=tls)
        threading.Thread(target=receiver.serve, daemon=True).start()
        yield receiver
        # Else the thread that accepts keeps the port.
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
