"""The shape of a statement: what statements that differ only in values have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from djudge.engine.postgres.witness.lexing import Kind, Token

_LONGEST: Final = 2_000

#: Their names are of the session, and random in Django; the first word says all.
_NAME_ONLY: Final = frozenset({"FETCH", "MOVE", "CLOSE", "SAVEPOINT", "RELEASE", "DEALLOCATE"})
_NAME_SECOND: Final = frozenset({"DECLARE", "PREPARE", "EXECUTE"})

_CONSTANT_WORDS: Final = frozenset({"TRUE", "FALSE", "NULL", "DEFAULT"})
_OPENING: Final = {"(": ")", "[": "]"}
_FOLDED: Final = "?"

_TIGHT_BEFORE: Final = frozenset({",", ")", "]", ".", "::", "(", "["})
_TIGHT_AFTER: Final = frozenset({"(", "[", ".", "::"})
#: After these words a bracket opens a group, after all others the arguments of a function.
_BEFORE_GROUPS: Final = re.compile(
    "IN|VALUES|AND|OR|NOT|WHERE|HAVING|FROM|JOIN|ON|USING|AS|WHEN|THEN|ELSE|CASE|BY|SELECT|DISTINCT|UNION|ALL"
    "|INTERSECT|EXCEPT|SET|OVER|FILTER|CONFLICT|COPY|EXPLAIN|LIMIT|OFFSET|RETURNING|LIKE|BETWEEN|IS",
    re.IGNORECASE,
)


def shape_of(tokens: Sequence[Token]) -> str:
    """Literals and parameters become `?`, lists of them one `?`, repeated rows and branches one of them."""
    first = tokens[0].word
    if first in _NAME_ONLY:
        return "FETCH" if first == "MOVE" else first
    if first == "ROLLBACK" and any(token.word == "TO" for token in tokens[:4]):
        return "ROLLBACK TO"
    texts = list(_fold_rows(_fold_lists(_fold_literals(tokens))))
    if first in _NAME_SECOND and len(texts) > 1:
        texts[1] = _FOLDED
    joined = _joined(texts)
    for repeated in ("), (", " WHEN ", " OR ", " UNION ALL ", " UNION "):
        joined = _fold_repeated(joined, repeated)
    return joined[:_LONGEST]


def _fold_literals(tokens: Sequence[Token]) -> list[str]:
    texts: list[str] = []
    for token in tokens:
        constant = token.kind in (Kind.LITERAL, Kind.PARAMETER)
        if constant and texts and texts[-1] == "-" and _is_sign(texts):
            texts.pop()
        texts.append(_FOLDED if constant else token.text)
    return texts


def _is_sign(texts: Sequence[str]) -> bool:
    """Whether the minus at the end is a sign, and not a subtraction."""
    if len(texts) == 1:
        return True
    before = texts[-2]
    return not (before == _FOLDED or before in (")", "]") or before[-1] == '"' or before[-1].isalnum())


def _fold_lists(texts: Sequence[str]) -> Iterator[str]:
    """A bracket that holds constants only becomes a bracket with one."""
    at = 0
    while at < len(texts):
        end = _end_of_constants(texts, at) if texts[at] in _OPENING else None
        if end is None:
            yield texts[at]
            at += 1
        else:
            yield from (texts[at], _FOLDED, _OPENING[texts[at]])
            at = end + 1


def _end_of_constants(texts: Sequence[str], opening: int) -> int | None:
    """The closing bracket's place; the end of the text where it was cut; None when more than constants is inside."""
    cast = False
    for at in range(opening + 1, len(texts)):
        text = texts[at]
        if text == _OPENING[texts[opening]]:
            return at if at > opening + 1 else None
        if not (
            (cast and text not in _OPENING) or text in (_FOLDED, ",", "::", "-") or text.upper() in _CONSTANT_WORDS
        ):
            return None
        cast = text == "::"
    return len(texts)


def _fold_rows(texts: Iterator[str]) -> Iterator[str]:
    """Of equal folded rows, `(?), (?)`, one stays."""
    row = ["(", _FOLDED, ")"]
    kept: list[str] = []
    for text in texts:
        kept.append(text)
        if kept[-7:] == [*row, ",", *row]:
            del kept[-4:]
    return iter(kept)


def _fold_repeated(shape: str, separator: str) -> str:
    pieces = shape.split(separator)
    kept = [piece for piece, following in pairwise(pieces) if not following.startswith(piece)]
    return separator.join([*kept, pieces[-1]])


def _joined(texts: Sequence[str]) -> str:
    line: list[str] = []
    for before, text in zip(["", *texts], texts, strict=False):
        tight = text in _TIGHT_BEFORE or before in _TIGHT_AFTER or not before
        if text == "(" and before not in _TIGHT_AFTER and _opens_a_group(before):
            tight = False
        line.append(text if tight else f" {text}")
    return "".join(line)


def _opens_a_group(before: str) -> bool:
    """Whether a bracket after this is no function's: after keywords, quoted names and operators."""
    return bool(_BEFORE_GROUPS.fullmatch(before)) or not re.search(r"\w\Z", before)
