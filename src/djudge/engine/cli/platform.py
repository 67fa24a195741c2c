"""A platform as a candidate's link reaches it: the link taken apart, requests, and what went wrong in words.

The token in the link opens everything, so no message has it and no redirect is followed with it.
"""

from __future__ import annotations

import json
import re
import socket
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException, HTTPMessage
from typing import IO, Any, Final
from urllib.parse import urlsplit

from djudge import __version__
from djudge.engine.errors import InfrastructureError, OperatorFault, SubmissionRefused

SECONDS: Final = 60.0
_MOST_BYTES: Final = 1_000_000
_PATH: Final = re.compile(
    r"(?P<before>(?:/[^/]+)*?)/work/(?P<token>[A-Za-z0-9_:.=-]+)(?:/(?P<position>[0-9]{1,4}))?(?:/.*)?"
)
_ADDRESS: Final = re.compile(r"https?://[^/?#@\s]+(?:/[^?#\s]*)?")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_:.=-]+")

#: What is told of every task, and of what type it is.
_FACTS: Final = {"task": str, "title": str, "state": str, "version": int}


class ChangedElsewhereError(Exception):
    """The platform has another version than the one that was named."""


class TooOftenError(Exception):
    """Asked too often; `seconds` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class NoAnswerError(OperatorFault):
    """Nobody answered: the network, a name, a machine that is off."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where a platform is, and the token; `position` is the task in it, where the link names one."""

    address: str
    token: str = field(repr=False)
    position: int | None = None


def read_link(link: str) -> Link:
    """A candidate's link, as it stands in the browser or the mail. Raises OperatorFault without repeating it."""
    try:
        parts = urlsplit(link.strip())
        host = parts.hostname
    except ValueError:
        host = None
    found = _PATH.fullmatch(parts.path) if host and parts.scheme in ("http", "https") else None
    if found is None or parts.username is not None:
        raise OperatorFault(
            "This is no link to a work sample.", "Copy it from the page of the task: https://…/work/…/1/"
        )
    position = int(found["position"]) if found["position"] else None
    return Link(f"{parts.scheme}://{parts.netloc}{found['before']}", found["token"], position)


def link_of(address: str, token: str) -> Link:
    """A link from its two parts. Raises OperatorFault."""
    if not _ADDRESS.fullmatch(address):
        raise OperatorFault("This is no address of a platform.", "It begins with https:// and has no token in it.")
    if not _TOKEN.fullmatch(token):
        raise OperatorFault("This is no token.", "It is what stands behind /work/ in your link.")
    return Link(address.rstrip("/"), token)


@dataclass(frozen=True, slots=True)
class Platform:
    """Asks at `/api/v1/workspaces/`. Every error is told as whose fault it is."""

    link: Link

    def tasks(self) -> list[dict[str, Any]]:
        """The tasks of the link."""
        found = self._ask("GET", "").get("tasks")
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    def state(self, position: int) -> dict[str, Any]:
        """How a task stands."""
        return self._facts("GET", f"{position}/")

    def save(self, position: int, archive: bytes, version: int | None) -> dict[str, Any]:
        """Keep an archive's files in place of that version; of any, where it is None."""
        more = {"Content-Type": "application/zip", **_match(version)}
        return self._facts("PUT", f"{position}/files/", archive, more)

    def hand_in(self, position: int, version: int) -> dict[str, Any]:
        """Hand in that version."""
        return self._facts("POST", f"{position}/hand-in/", b"", _match(version))

    def _facts(self, *asked: Any) -> dict[str, Any]:
        found = self._ask(*asked)
        if any(not isinstance(found.get(name), kind) for name, kind in _FACTS.items()):
            raise _not_djudge()
        return found

    def _ask(
        self, method: str, path: str, body: bytes | None = None, more: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        headers = {"Accept": "application/json", "User-Agent": f"djudge/{__version__}", **(more or {})}
        address = f"{self.link.address}/api/v1/workspaces/{self.link.token}/{path}"
        request = urllib.request.Request(address, body, headers, method=method)  # noqa: S310 (http or https: read_link)
        try:
            with _opener.open(request, timeout=SECONDS) as answer:
                return _json(answer.read(_MOST_BYTES + 1))
        except urllib.error.HTTPError as error:
            with error:
                raise _fault(error.code, error.headers, error.read(_MOST_BYTES)) from None
        except (OSError, HTTPException) as error:
            # Its text may name the address, and so the token.
            raise NoAnswerError(
                f"The platform did not answer ({_kind(error)}).",
                "Is the address right, and the network there? Try again.",
            ) from None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would take the token elsewhere."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """None: it stays an error."""


_opener: Final = urllib.request.build_opener(_NoRedirects)


def _match(version: int | None) -> dict[str, str]:
    return {"If-Match": "*" if version is None else f'"{version}"'}


def _kind(error: Exception) -> str:
    why = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(why, TimeoutError):
        return "it took too long"
    if isinstance(why, socket.gaierror):
        return "nobody knows this name"
    if isinstance(why, OSError) and why.strerror:
        return why.strerror
    return type(why).__name__


def _json(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _not_djudge()
    return found


def _not_djudge() -> OperatorFault:
    return OperatorFault(
        "What answers there is not Djudge, or a version that knows nothing of this command.", "Check the address."
    )


def _fault(status: int, headers: Message, content: bytes) -> Exception:
    """An answer that is no success, as an error."""
    if 300 <= status < 400:
        return OperatorFault(
            "The platform has another address: it sends elsewhere.", "Take the link that the browser shows."
        )
    if status == 429:
        wait = headers.get("Retry-After", "")
        return TooOftenError(int(wait) if re.fullmatch("[0-9]{1,4}", wait) else 30)
    if status >= 500:
        return InfrastructureError(
            f"The platform could not answer ({status}).",
            "Try again in a minute; your folder is as it was.",
            kind="platform",
        )
    problem = _json(content)
    if status == 412:
        return ChangedElsewhereError()
    detail, cure = str(problem.get("detail", "")), str(problem.get("cure", ""))
    if status == 404:
        return OperatorFault(
            "This link leads nowhere: it is wrong or too old.", "Copy it anew from your mail or browser."
        )
    if status == 409:
        return SubmissionRefused(
            detail, "Open your link in the browser: it says what is kept and what comes next.", kind="over"
        )
    if status in (413, 422):
        return SubmissionRefused(detail, "Nothing was changed on the platform.", kind="refused")
    return OperatorFault(f"{detail} ({status})", cure)
