"""Pages in memory, served on this machine only.

There is no file system behind the server: a path is a key of a mapping or it is not found. It listens on the
loopback address, answers GET and HEAD, and refuses requests that name another host, so that a page of the web
can't read it through a name that it controls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Final, Self

from djudge.engine.errors import OperatorFault
from djudge.engine.reports.templating import style_policy

ADDRESS: Final = "127.0.0.1"
_SECONDS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What stands at a path."""

    content: bytes
    media_type: str = "text/html; charset=utf-8"


class PageServer:
    """The server of some pages; listens from the moment it is made. Port 0 takes a free one.

    A context manager; `serve_forever` blocks until `close` is called or Ctrl-C. It uses threads, so nothing
    may be forked in its process.
    """

    def __init__(self, pages: Mapping[str, Served], *, port: int = 0) -> None:
        try:
            self._server = _Server((ADDRESS, port), _Handler)
        except OSError as error:
            raise OperatorFault(
                f"Port {port} of {ADDRESS} can't be used ({error.strerror}).", "Name another port."
            ) from error
        self.show(pages)
        self._server.hosts = {f"{ADDRESS}:{self.port}", f"localhost:{self.port}"}

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://{ADDRESS}:{self.port}/"

    def show(self, pages: Mapping[str, Served]) -> None:
        """Serve these pages from now on. A server is made before there is anything to show, to have its port."""
        self._server.pages = dict(pages)

    def serve_forever(self) -> None:
        """Answer until closed."""
        self._server.serve_forever(poll_interval=0.2)

    def close(self) -> None:
        """Stop answering and let the port go. For another thread, or after `serve_forever` has ended."""
        self._server.server_close()

    def shut_down(self) -> None:
        """End `serve_forever` from another thread, then close."""
        self._server.shutdown()
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def serve(pages: Mapping[str, Served], *, port: int = 0) -> None:
    """Serve pages until Ctrl-C. Raises OperatorFault when the port is taken."""
    with PageServer(pages, port=port) as server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    pages: Mapping[str, Served]
    hosts: set[str]


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _SECONDS
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """The page at the path, without its query."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """The head of it."""
        self._answer(with_body=False)

    def version_string(self) -> str:
        """No versions are told."""
        return "djudge"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: requests are hostile text too, and this is one person's page."""

    def _answer(self, *, with_body: bool) -> None:
        if self.headers.get("Host") not in self.server.hosts:
            status, page = HTTPStatus.MISDIRECTED_REQUEST, _plain("This server answers to 127.0.0.1 only.\n")
        else:
            found = self.server.pages.get(self.path.partition("?")[0])
            status = HTTPStatus.OK if found else HTTPStatus.NOT_FOUND
            page = found or _plain("There is no such page.\n")
        self.send_response(status)
        for name, value in _headers(page).items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(page.content)


def _plain(text: str) -> Served:
    return Served(content=text.encode(), media_type="text/plain; charset=utf-8")


def _headers(page: Served) -> dict[str, str]:
    return {
        "Content-Type": page.media_type,
        "Content-Length": str(len(page.content)),
        "Content-Security-Policy": f"{style_policy()}; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
