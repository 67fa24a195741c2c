"""The statements in a text: how many, and what the log should hold of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from itertools import islice, pairwise
from typing import Final

from djudge.engine.postgres.witness.lexing import Kind, Token, tokens_of
from djudge.engine.postgres.witness.shapes import shape_of


class Expected(Enum):
    """What the log should hold of a statement, beside its text."""

    PLAN = auto()
    #: A utility statement: it has no plan, and nothing is missing.
    NOTHING = auto()
    #: Rows through a cursor: their plan comes when the cursor is closed.
    FETCH = auto()
    #: It can read rows, or run a program of its own, without leaving a plan.
    HIDDEN = auto()


@dataclass(frozen=True, slots=True)
class Part:
    """One statement of a text: what the log should hold of it, its shape, and the cursor that it names."""

    expected: Expected
    shape: str
    cursor: str = ""
    maintains: bool = False


#: What comes after that many tokens of a statement without a semicolon is not looked at.
_LEXED_TOKENS: Final = 4_000

#: A text with more of them ends in a part that hides what comes after: reading on would take minutes and gigabytes.
_MOST_TOKENS: Final = 1_000_000
_MOST_PARTS: Final = 10_000

#: Long lists of numbers are cut short before lexing; nothing that the rules look at is in them.
_LONG_TEXT: Final = 8_000
_NUMBERS: Final = re.compile(r"\(\s*\d+(?:\s*,\s*\d+)+\s*\)")

_PLANNED: Final = frozenset(
    {
        "SELECT",
        "INSERT",
        "UPDATE",
        "DELETE",
        "MERGE",
        "WITH",
        "VALUES",
        "TABLE",
        "EXECUTE",
        "DECLARE",
        "REFRESH",
        "(",
    }
)
#: EXPLAIN runs nothing, and tells from the statistics what is in a table.
_HIDING: Final = frozenset({"DO", "CALL", "EXPLAIN"})
_QUERIES: Final = frozenset({"SELECT", "WITH", "VALUES", "TABLE", "EXECUTE", "("})

#: Statements that can read a whole table without a plan; the counters are allowed as much for each.
_MAINTAINING: Final = frozenset({"CLUSTER", "REINDEX", "VACUUM", "ANALYZE", "COPY"})


@lru_cache(maxsize=2048)
def parts_of(text: str) -> tuple[Part, ...]:
    """The statements of a text, in order; a text of comments and semicolons has none.

    Where a backslash stands before a quote, sessions disagree on where a string ends; then the reading with more
    statements counts, so that a session's setting can't hide any.
    """
    if len(text) > _LONG_TEXT:
        text = _NUMBERS.sub("(0, 0)", text)
    found = _parts(text, backslash_escapes=False)
    if "\\'" in text:
        found = max(found, _parts(text, backslash_escapes=True), key=len)
    return found


def text_shape(text: str) -> str:
    """The shape of a whole text, for plans of statements that were not sent as such."""
    return "; ".join(part.shape for part in parts_of(text))


def _parts(text: str, *, backslash_escapes: bool) -> tuple[Part, ...]:
    most = _MOST_TOKENS if ";" in text else _LEXED_TOKENS
    tokens = tokens_of(text, backslash_escapes=backslash_escapes)
    parts = tuple(_part(each) for each in islice(_split(islice(tokens, most)), _MOST_PARTS))
    if next(tokens, None) is not None and most == _MOST_TOKENS:
        parts += (Part(Expected.HIDDEN, "(statements too many to read)"),)
    return parts


def _split(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """The tokens of one statement after the other: its first ones and its last."""
    part: list[Token] = []
    for token in tokens:
        if token.kind is Kind.SYMBOL and token.text == ";":
            if part:
                yield part
            part = []
        else:
            del part[_LEXED_TOKENS:]
            part.append(token)
    if part:
        yield part


def _part(tokens: Sequence[Token]) -> Part:
    first = tokens[0].word
    expected = _expected(first, tokens)
    cursor = ""
    if first == "DECLARE" and len(tokens) > 1:
        cursor = _name(tokens[1])
    elif expected is Expected.FETCH:
        cursor = _name(tokens[-1])
    return Part(expected, shape_of(tokens[:_LEXED_TOKENS]), cursor, _maintains(first, tokens))


def _expected(first: str, tokens: Sequence[Token]) -> Expected:
    words = [token.word for token in tokens[:200]]
    if first in ("FETCH", "MOVE"):
        return Expected.FETCH
    if first in _PLANNED or _runs_a_query(first, words):
        return Expected.PLAN
    if first in _HIDING or (first == "COPY" and _copies_out(words)):
        return Expected.HIDDEN
    return Expected.NOTHING


def _maintains(first: str, tokens: Sequence[Token]) -> bool:
    following = [token.word for token in tokens[1:3]]
    return (
        first in _MAINTAINING
        or (first == "ALTER" and "TABLE" in following)
        or (first == "CREATE" and "INDEX" in following)
    )


def _copies_out(words: Sequence[str]) -> bool:
    """COPY of a table (not of a query) to somewhere."""
    direction = next((word for word in words if word in ("TO", "FROM")), "")
    return direction == "TO" and words[1:2] != ["("]


def _runs_a_query(first: str, words: Sequence[str]) -> bool:
    """EXPLAIN ANALYZE, COPY (query) TO, CREATE TABLE AS and CREATE MATERIALIZED VIEW."""
    if first == "EXPLAIN":
        return "ANALYZE" in words[1:12]
    if first == "COPY":
        return words[1:2] == ["("]
    if first == "CREATE" and ("TABLE" in words[1:4] or words[1:2] == ["MATERIALIZED"]):
        return any(word == "AS" and following in _QUERIES for word, following in pairwise(words))
    return False


def _name(token: Token) -> str:
    return token.text[1:-1].replace('""', '"') if token.kind is Kind.NAME else token.text.lower()
