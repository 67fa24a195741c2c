"""Visitors of a running platform, over HTTP: one who hands in, and twenty who look at once."""

from __future__ import annotations

import http.client
import http.cookiejar
import re
import statistics
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

USERS: Final = 20
ROUNDS: Final = 5

#: Of each user, in each round: fifty in all.
REQUESTS: Final = 10

_PATIENCE: Final = 120.0
_LOOKING: Final = 0.05


class Visitor:
    """A browser without JavaScript."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.at = address
        self._cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))

    @property
    def cookie(self) -> str:
        """What the browser sends along."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._cookies)

    def get(self, path: str) -> str:
        """A page; where it led stands in `at`."""
        return self._open(urllib.request.Request(urllib.parse.urljoin(self._address, path)))

    def post(self, path: str, archive: bytes | None = None, **fields: str) -> str:
        """A form, with a file where there is one."""
        token = next(cookie.value for cookie in self._cookies if cookie.name == "csrftoken") or ""
        kind, body = _form({**fields, "csrfmiddlewaretoken": token}, archive)
        address = urllib.parse.urljoin(self._address, path)
        headers = {"Content-Type": kind, "Referer": self._address}
        return self._open(urllib.request.Request(address, body, headers))

    def is_there(self, path: str) -> bool:
        """Whether a page is no 404."""
        try:
            self.get(path)
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
            return False
        return True

    def sign_in(self, email: str, password: str) -> None:
        """As a person of a team."""
        self.get("/accounts/login/")
        self.post("/accounts/login/", login=email, password=password)
        if "/accounts/" in self.at:
            sys.exit("bench: nobody could sign in.")

    def _open(self, request: urllib.request.Request) -> str:
        with self._opener.open(request, timeout=30) as answer:
            self.at = answer.geturl()
            return str(answer.read().decode())


def _form(fields: dict[str, str], archive: bytes | None) -> tuple[str, bytes]:
    if archive is None:
        return "application/x-www-form-urlencoded", urllib.parse.urlencode(fields).encode()
    border = uuid.uuid4().hex
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{fields[name]}\r\n' for name in fields
    ]
    parts.append(f'--{border}\r\nContent-Disposition: form-data; name="archive"; filename="work.zip"\r\n\r\n')
    body = "".join(parts).encode() + archive + f"\r\n--{border}--\r\n".encode()
    return f"multipart/form-data; boundary={border}", body


def hand_in(address: str, archive: bytes) -> float:
    """Seconds from handing in what anybody may try until its report is there to be read."""
    visitor = Visitor(address)
    visitor.get("/try/")
    visitor.post("/try/")
    work = visitor.at
    visitor.post(f"{work}upload/", archive)
    began = time.perf_counter()
    visitor.post(f"{work}hand-in/")
    while not visitor.is_there(f"{work}report/"):
        if time.perf_counter() - began > _PATIENCE:
            sys.exit("bench: no report came.")
        time.sleep(_LOOKING)
    return time.perf_counter() - began


@dataclass(frozen=True, slots=True)
class Answers:
    """How long answers took, in milliseconds."""

    median: float
    p95: float


def crowd(address: str, signed_in: Visitor, paths: Sequence[str], empty: str) -> tuple[Answers, Answers]:
    """Twenty users at once, fifty requests each: over these pages, and, round by round in between, on an empty one."""
    cookie = signed_in.cookie
    taken: tuple[list[float], list[float]] = ([], [])
    with ThreadPoolExecutor(USERS) as users:
        for _ in range(ROUNDS):
            for found, asked in zip(taken, (paths, [empty]), strict=True):
                jobs = [users.submit(_user, address, cookie, asked, number) for number in range(USERS)]
                for job in jobs:
                    found.extend(job.result())
    pages, nothing = (_answers(found) for found in taken)
    return pages, nothing


def _answers(milliseconds: list[float]) -> Answers:
    return Answers(statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1])


def _user(address: str, cookie: str, paths: Sequence[str], number: int) -> list[float]:
    host = urllib.parse.urlsplit(address).netloc
    connection = http.client.HTTPConnection(host, timeout=30)
    taken = []
    for step in range(REQUESTS):
        began = time.perf_counter()
        connection.request("GET", paths[(number + step) % len(paths)], headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            sys.exit(f"bench: an answer was {answer.status}.")
        taken.append((time.perf_counter() - began) * 1000)
    connection.close()
    return taken


def team_pages(signed_in: Visitor) -> list[str]:
    """What somebody of a team looks at: jobs, a board, its table, a candidate, their level."""
    board = _first(signed_in.get("/jobs/"), r'href="(/jobs/[0-9a-f-]{36}/)"')
    application = _first(signed_in.get(f"{board}?as=table&q=Emre"), r'href="(/applications/[0-9a-f-]{36}/)"')
    return ["/jobs/", board, f"{board}?as=table", application, f"{application}level/"]


def _first(page: str, pattern: str) -> str:
    found = re.search(pattern, page)
    if found is None:
        sys.exit(f"bench: a page has no {pattern}.")
    return found[1]
