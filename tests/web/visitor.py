"""A browser without JavaScript, for tests that speak to real web servers."""

from __future__ import annotations

import http.cookiejar
import urllib.parse
import urllib.request


class Visitor:
    """Somebody at the platform's pages. Errors of the server are `urllib.error.HTTPError`."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.at = address
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        """A page; where it was found stands in `at`."""
        with self.opener.open(urllib.parse.urljoin(self.address, path), timeout=30) as answer:
            self.at = answer.geturl()
            return str(answer.read().decode())

    def post(self, target: str, **fields: str) -> str:
        """Send a form from a page that was got before."""
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrftoken")
        data = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token or ""}).encode()
        address = urllib.parse.urljoin(self.address, target)
        request = urllib.request.Request(address, data, {"Referer": self.address})
        with self.opener.open(request, timeout=30) as answer:
            self.at = answer.geturl()
            return str(answer.read().decode())
