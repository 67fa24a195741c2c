"""Visitor: a person with a browser, who keeps cookies, fills in the forms of pages and follows where they lead.

It asks one guest, or several that share a database, as a person's browser meets several processes of a site. What it
reads is hostile: cookies and forms are bounded, and nothing of them is ever run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

from djudge.engine.probes.markup import Element, Page, parse, reading_deadline
from djudge.engine.sandbox.contract import Answer, Request
from djudge.engine.serving import PERSON, RunningGuest, Visit

_COOKIES: Final = 50
_COOKIE_BYTES: Final = 4096
_REDIRECTS: Final = 5
_FORM: Final = ("Content-Type", "application/x-www-form-urlencoded")
_SKIPPED: Final = frozenset({"submit", "button", "image", "reset", "file"})
_SITE: Final = "http://localhost"

type Fields = Mapping[str, str | int]


@dataclass(slots=True)
class Visitor:
    """One person. `cookies` may be given, for somebody who has been here before."""

    cookies: dict[str, str] = field(default_factory=dict)
    headers: Sequence[tuple[str, str]] = PERSON

    def get(self, guest: RunningGuest, target: str, *, follow: bool = False) -> Visit:
        """GET a page; with `follow` also what it redirects to, at most five times. The last visit is returned."""
        visit = self.finish(guest, self.request("GET", target))
        for _ in range(_REDIRECTS if follow else 0):
            leads = location(visit.answer)
            if not leads:
                break
            visit = self.finish(guest, self.request("GET", leads))
        return visit

    def post(self, guest: RunningGuest, target: str, fields: Fields) -> Visit:
        """POST these fields alone, with the token that the site gave against forgery, if it gave one."""
        return self.finish(guest, self.posting(target, fields))

    def submit(self, guest: RunningGuest, page: Visit, action: str, fields: Fields, *, at: str = "/") -> Visit:
        """Fill in the form of a page whose action contains `action`, and send it; hidden fields go along.

        A page without such a form is answered with what comes of posting to `action` itself: people without a form
        can't send one, programs can.
        """
        form = _form(page.answer, action, at)
        if form is None:
            return self.post(guest, action, fields)
        return self.finish(guest, self.posting(form.target, {**form.fields, **fields}))

    def posting(self, target: str, fields: Fields) -> Request:
        """The request of `post`, for asking several guests at once."""
        token = self.cookies.get("csrftoken")
        with_token = {**({"csrfmiddlewaretoken": token} if token else {}), **fields}
        return self.request("POST", target, urlencode(with_token).encode())

    def request(self, method: str, target: str, body: bytes = b"") -> Request:
        """A request with this person's headers and cookies."""
        headers = [*self.headers]
        if self.cookies:
            headers.append(("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items())))
        if body or method == "POST":
            headers.append(_FORM)
        return Request(method=method, target=target, headers=headers, body=body)

    def finish(self, guest: RunningGuest, request: Request) -> Visit:
        """Ask, and keep the cookies of the answer."""
        visit = guest.ask(request)
        self.keep_cookies(visit.answer)
        return visit

    def keep_cookies(self, answer: Answer) -> None:
        """As a browser does; more than some dozens, and larger ones than browsers take, are left out."""
        for name, value in answer.headers:
            if name.lower() == "set-cookie" and len(value) <= _COOKIE_BYTES:
                self._keep(value)

    def _keep(self, cookie: str) -> None:
        pair, *attributes = (part.strip() for part in cookie.split(";"))
        name, _, value = pair.partition("=")
        ended = any(one.lower() in ("max-age=0", "max-age=-1") for one in attributes)
        if ended or value in ("", '""'):
            self.cookies.pop(name, None)
        elif len(self.cookies) < _COOKIES or name in self.cookies:
            self.cookies[name] = value


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a page: where it goes, and what it holds already."""

    target: str
    fields: Mapping[str, str]


def location(answer: Answer) -> str | None:
    """Where an answer sends the visitor on this site; None where it does not, or leads elsewhere."""
    if not 300 <= answer.status < 400:
        return None
    found = next((value for name, value in answer.headers if name.lower() == "location"), "")
    return _local(_SITE, found) if found else None


def read_page(answer: Answer) -> Page:
    """A page of an answer as elements; raises CandidateFault for one that was made to take for ever."""
    with reading_deadline():
        return parse(answer.body)


def _form(answer: Answer, action: str, at: str) -> Form | None:
    for form in read_page(answer).select("form"):
        target = form.attributes.get("action", "") or at
        local = _local(_SITE, at, target)
        if local is not None and action in local:
            return Form(local, dict(_fields(form)))
    return None


def _fields(form: Element) -> list[tuple[str, str]]:
    """Names and values as a browser would send them when nothing is touched."""
    found = [_input(one) for one in form.select("input")]
    found += [(one.attributes.get("name", ""), one.text) for one in form.select("textarea")]
    found += [(one.attributes.get("name", ""), _chosen(one)) for one in form.select("select")]
    return [(name, value) for name, value in found if name][:200]


def _input(one: Element) -> tuple[str, str]:
    kind = one.attributes.get("type", "text").lower()
    unchecked = kind in ("checkbox", "radio") and "checked" not in one.attributes
    if kind in _SKIPPED or unchecked:
        return "", ""
    return one.attributes.get("name", ""), one.attributes.get("value", "on" if kind == "checkbox" else "")


def _chosen(select: Element) -> str:
    options = select.select("option")
    chosen = [one for one in options if "selected" in one.attributes] or options[:1]
    return chosen[0].attributes.get("value", chosen[0].text) if chosen else ""


def _local(base: str, *steps: str) -> str | None:
    """Where these lead from an address, on this site; None where they lead elsewhere, or are no address at all."""
    try:
        parts = urlsplit(reduce(urljoin, steps, base))
        host = parts.hostname
    except ValueError:  # whatever a submission wrote: brackets without an end, characters that become slashes
        return None
    if host not in ("localhost", None):
        return None
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
