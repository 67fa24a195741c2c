"""One request to an address of somebody else's: to the machine that was checked, within some seconds, reading little.

What answers is not trusted: it may redirect, drip, never end, claim any length or encoding. Nothing of the process'
environment has a say, proxies least of all.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from typing import Any, Final

import httpcore
import httpx
from django.utils.translation import gettext as _

from djudge.web.webhooks import networks

#: From looking up the name to the last byte that is read.
SECONDS: Final = 15.0
#: Of these, to connect to one machine.
TO_CONNECT: Final = 5.0
#: So much of an answer is read, and kept to be shown.
MOST_READ: Final = 2000
#: So many addresses of a name are tried.
MOST_ADDRESSES: Final = 3

_GONE: Final = 410
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of it: a status with the beginning of the text, or the trouble. `wait` is Retry-After, in seconds."""

    status: int | None = None
    text: str = ""
    trouble: str = ""
    milliseconds: int = 0
    wait: int = 0

    @property
    def is_yes(self) -> bool:
        """Whether it was heard."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether nobody there wants to hear more, ever."""
        return self.status == _GONE


def post(address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send it, once, by a POST. Never raises for what the other side is or does; takes SECONDS at most, and a
    look-up."""
    return send("POST", address, body, headers)


def send(method: str, address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """The same by another method."""
    begun = time.monotonic()
    try:
        answer = _asked(method, networks.checked(address), body, headers, begun + SECONDS)
    except networks.RefusedAddressError as refused:
        answer = Answer(trouble=str(refused))
    except (httpcore.TimeoutException, TimeoutError):
        answer = Answer(trouble=_("No answer within %(n)s seconds.") % {"n": int(SECONDS)})
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError, UnicodeError) as error:
        answer = Answer(trouble=_told(error))
    spent = int((time.monotonic() - begun) * 1000)
    return Answer(
        status=answer.status, text=answer.text, trouble=answer.trouble[:300], milliseconds=spent, wait=answer.wait
    )


def _asked(method: str, url: httpx.URL, body: bytes, headers: Mapping[str, str], end: float) -> Answer:
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=networks.port_of(url), target=url.raw_path)
    said = {
        "host": url.netloc.decode("ascii"),
        "content-type": "application/json",
        "content-length": str(len(body)),
        "user-agent": "Djudge-Webhooks/1",
        "accept-encoding": "identity",
        "connection": "close",
        **headers,
    }
    timeouts = dict.fromkeys(("read", "write", "pool"), SECONDS) | {"connect": TO_CONNECT}
    with (
        httpcore.ConnectionPool(ssl_context=_trusted(), network_backend=_Checked(end), max_connections=1) as pool,
        pool.stream(
            method, target, headers=list(said.items()), content=body, extensions={"timeout": timeouts}
        ) as response,
    ):
        return Answer(
            status=response.status,
            text=_readable(_beginning(response)),
            trouble=_("It redirects, which is not followed.") if 300 <= response.status < 400 else "",
            wait=_wait(response),
        )


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are trusted: those of the library's list, or of SSL_CERT_FILE where an operator sets it."""
    return httpx.create_ssl_context()


def _beginning(response: httpcore.Response) -> bytes:
    """As it came over the wire: what claims to be packed is not unpacked. A status with a broken text is a status."""
    content = b""
    try:
        for portion in response.iter_stream():
            content += portion[: MOST_READ - len(content)]
            if len(content) >= MOST_READ:
                break
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
        pass
    return content


def _readable(content: bytes) -> str:
    """As a text that a database and a page can hold: what can't be seen, or turns the direction, is replaced."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", content.decode(errors="replace").replace("\r\n", "\n"))


def _wait(response: httpcore.Response) -> int:
    """Seconds of Retry-After; its other form, a date, is not read."""
    for name, value in response.headers:
        if name.lower() == b"retry-after" and re.fullmatch(rb"\d{1,6}", value):
            return int(value)
    return 0


def _told(error: Exception) -> str:
    words = " ".join(_UNSEEN.sub(" ", str(error)).split())
    return _("It could not be reached: %(why)s") % {"why": words or type(error).__name__}


class _Checked(httpcore.NetworkBackend):
    """Connects to the very addresses that were checked, so that no second look-up can lead elsewhere.

    The name stays what it was for TLS: the certificate has to be for it.
    """

    def __init__(self, end: float) -> None:
        self._end = end
        self._real = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """To the first of the name's addresses that answers."""
        addresses = networks.look_up(host, port)[:MOST_ADDRESSES]
        for number, address in enumerate(addresses, 1):
            try:
                stream = self._real.connect_tcp(address, port, timeout=_left(self._end, timeout))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
            else:
                _require_same(stream, address)
                return _Timed(stream, self._end)
        raise httpcore.ConnectError(_("The name leads nowhere."))


def _require_same(stream: httpcore.NetworkStream, address: str) -> None:
    """The kernel's own word for whom we are connected to."""
    there = ip_address(str(stream.get_extra_info("server_addr")[0]))
    if there != ip_address(address):
        stream.close()
        raise networks.RefusedAddressError(_("The connection leads elsewhere."))


class _Timed(httpcore.NetworkStream):
    """A connection that ends at a moment, however its other end drips."""

    def __init__(self, stream: httpcore.NetworkStream, end: float) -> None:
        self._stream = stream
        self._end = end

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """At most until the end."""
        return self._stream.read(max_bytes, _left(self._end, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """At most until the end."""
        self._stream.write(buffer, _left(self._end, timeout))

    def close(self) -> None:
        """At once."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """At most until the end; the name is the one in the address."""
        secure = self._stream.start_tls(ssl_context, server_hostname, _left(self._end, timeout))
        return _Timed(secure, self._end)

    def get_extra_info(self, info: str) -> Any:
        """Of the connection itself."""
        return self._stream.get_extra_info(info)


def _left(end: float, timeout: float | None) -> float:
    """What is left of the time. Raises httpcore's ReadTimeout where nothing is."""
    left = end - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return min(left, timeout) if timeout is not None else left
