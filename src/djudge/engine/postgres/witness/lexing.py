"""PostgreSQL's lexical rules, as far as counting and comparing statements needs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    NAME = auto()
    LITERAL = auto()
    PARAMETER = auto()
    SYMBOL = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a quoted name, a literal, a parameter or a symbol; white space and comments are dropped."""

    kind: Kind
    text: str

    @property
    def word(self) -> str:
        """In capitals, for comparing keywords."""
        return self.text.upper() if self.kind is Kind.WORD else self.text


#: A string that ends at its closing quote, or at the end of the text.
#: Possessive all through: a text of megabytes must not leave a step to go back to for each of its characters.
_PLAIN: Final = r"'(?:[^']++|'')*+(?:'|\Z)"
_ESCAPED: Final = r"'(?:[^'\\]++|\\.|'')*+(?:'|\\?\Z)"

_RULES: Final = r"""
    (?P<space>\s+|--[^\n]*)
  | (?P<comment>/\*)
  | (?P<escaped>[eE]ESCAPED)
  | (?P<string>(?:[bBxXnN]|[uU]&)?STRING)
  | (?P<dollar>\$(?:[A-Za-z_\x80-\U0010ffff][\w\x80-\U0010ffff]*)?\$)
  | (?P<parameter>\$\d+)
  | (?P<name>(?:[uU]&)?"(?:[^"]++|"")*+(?:"|\Z))
  | (?P<number>(?:0[xXoObB][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?))
  | (?P<word>[A-Za-z_\x80-\U0010ffff][\w$\x80-\U0010ffff]*)
  | (?P<operator>::|(?:(?!--|/\*)[-+*/<>=~!@\#%^&|`?:])++)
  | (?P<symbol>.)
"""


def _compiled(backslash_escapes: bool) -> re.Pattern[str]:
    rules = _RULES.replace("STRING", _ESCAPED if backslash_escapes else _PLAIN).replace("ESCAPED", _ESCAPED)
    return re.compile(rules, re.VERBOSE | re.DOTALL)


_STANDARD: Final = _compiled(backslash_escapes=False)
#: How a session lexes that has switched `standard_conforming_strings` off.
_BACKSLASH: Final = _compiled(backslash_escapes=True)

_COMMENT_EDGE: Final = re.compile(r"/\*|\*/")

_KINDS: Final = {
    "escaped": Kind.LITERAL,
    "string": Kind.LITERAL,
    "number": Kind.LITERAL,
    "parameter": Kind.PARAMETER,
    "name": Kind.NAME,
    "word": Kind.WORD,
}


def tokens_of(text: str, *, backslash_escapes: bool = False) -> Iterator[Token]:
    """The tokens of a text. Never fails: what PostgreSQL would refuse comes out as symbols or a long literal."""
    rules = _BACKSLASH if backslash_escapes else _STANDARD
    at = 0
    while at < len(text):
        found = rules.match(text, at)
        assert found is not None  # the last rule takes any character
        rule = found.lastgroup or "symbol"
        at = found.end()
        if rule == "comment":
            at = _end_of_comment(text, at)
        elif rule == "dollar":
            at = _end_of_dollar_string(text, at, found.group())
            yield Token(Kind.LITERAL, text[found.start() : at])
        elif rule != "space":
            yield Token(_KINDS.get(rule, Kind.SYMBOL), found.group())


def _end_of_comment(text: str, at: int) -> int:
    depth = 1
    while depth:
        edge = _COMMENT_EDGE.search(text, at)
        if edge is None:
            return len(text)
        depth += 1 if edge.group() == "/*" else -1
        at = edge.end()
    return at


def _end_of_dollar_string(text: str, at: int, tag: str) -> int:
    end = text.find(tag, at)
    return len(text) if end < 0 else end + len(tag)
