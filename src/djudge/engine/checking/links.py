"""Where a page leads: local addresses in its links, in its scripts, and in what an API answers."""

from __future__ import annotations

import re
from contextlib import suppress
from html.parser import HTMLParser
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

_MOST: Final = 2_000
_LONGEST: Final = 500
#: Where a page names an address to a browser or to a script of its own.
_ATTRIBUTES: Final = frozenset({"href", "hx-get", "data-url", "data-href", "data-src"})
_TAGS: Final = frozenset({"link", "img", "base", "area"})
_IN_SCRIPT: Final = re.compile(r"""["'](/[\w\-./=+%~]{0,500})["']""")
_IN_JSON: Final = re.compile(r'"(https?://[^"\s\\]{1,500})"')


def links_of(body: str, kind: str, path: str, host: str) -> list[str]:
    """Paths on this host that a page at `path` leads to, in their order, each once, without query and fragment."""
    found = _IN_JSON.findall(body) if "json" in kind else _hrefs(body) if "html" in kind else []
    ways = (local(each, path, host) for each in found[:_MOST])
    return list(dict.fromkeys(each for each in ways if each))


def local(link: str, path: str, host: str) -> str:
    """The path that a link on a page at `path` leads to on this host, "" where it leads away."""
    try:
        parts = urlsplit(urljoin(f"http://{host}{path}", link.strip()))
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or parts.netloc != host or len(parts.path) > _LONGEST:
        return ""
    return unquote(parts.path) or "/"


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.found += [value for name, value in attrs if value and (name in _ATTRIBUTES or _frames(tag, name))]

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            self.found += _IN_SCRIPT.findall(data)


def _frames(tag: str, name: str) -> bool:
    return tag == "iframe" and name == "src"


def _hrefs(body: str) -> list[str]:
    parser = _Links()
    # Some interpreters' parser fails at odd declarations; what stood before them was read.
    with suppress(AssertionError):
        parser.feed(body)
        parser.close()
    return parser.found
