"""What two works share: winnowed fingerprints of normalised tokens, over the lines that people wrote themselves. Pure.

Schleimer, Wilkerson and Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003. Pygments makes
the tokens, because it reads files that don't parse. Names, texts and numbers are all alike, and brackets and commas are
left out: other names and another layout change nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations, pairwise
from typing import Any, Final

from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import Comment, Keyword, Literal, Name, Number, String, Text, Whitespace
from pygments.util import ClassNotFound

#: Tokens in one gram: shorter passages are nothing. Python has six to eight of them in a line.
GRAM: Final = 20

#: Grams in a window, of which one is a fingerprint: every passage of GRAM + WINDOW - 1 tokens is found.
WINDOW: Final = 8

#: What so many people or more have in common is how one does it, and counts for nothing.
COMMON: Final = 4

#: Two works share much when they have so many lines in common, and that is so much of the shorter one's own.
FEWEST_LINES: Final = 10
SHARE: Final = 0.25

#: More of a work is not read: what people write is far less, and whatever is longer was generated.
MOST_BYTES: Final = 100_000
MOST_COLUMNS: Final = 500

#: What one work repeats so often is a table, or was generated; it takes long to compare, and tells nothing.
REPEATED: Final = 10

#: Stands for a gram that tells nothing.
_MUTE: Final = b""

_LEFT_OUT: Final = frozenset("(),;")


@dataclass(frozen=True, slots=True)
class Run:
    """Lines beside each other that somebody wrote, as grams. Gram `i` begins in `lines[i]` and has its last token in
    `lines[i + GRAM - 1]`."""

    path: str
    grams: Sequence[bytes]
    lines: Sequence[int]


@dataclass(frozen=True, slots=True)
class Passage:
    """Where the same stands in two works: path, first and last line, counted from 1."""

    one: str
    one_from: int
    one_to: int
    other: str
    other_from: int
    other_to: int


@dataclass(frozen=True, slots=True)
class Shared:
    """What two works share; `lines` counts those of the one that has fewer in it, blank ones and comments left out."""

    lines: int
    passages: Sequence[Passage]


type Texts = Mapping[str, str]


def runs_of(texts: Texts, start: Texts) -> list[Run]:
    """The lines that are not the start's, as grams. Some milliseconds; no text makes it fail."""
    found: list[Run] = []
    left = MOST_BYTES
    for path, text in sorted(texts.items()):
        text, left = text[:left], left - len(text[:left])
        found += _runs(path, text, start.get(path, ""))
    often = Counter(gram for run in found for gram in run.grams)
    return [Run(run.path, [_MUTE if often[gram] >= REPEATED else gram for gram in run.grams], run.lines)
            for run in found]  # fmt: skip


def _runs(path: str, text: str, start: str) -> Iterator[Run]:
    for tokens in _unbroken(_tokens(path, text), _written(start, text)):
        words = [word for word, _ in tokens]
        grams = [_hash(words[at : at + GRAM]) for at in range(len(words) - GRAM + 1)]
        if grams:
            yield Run(path, grams, [line for _, line in tokens])


def grams_of(every: Iterable[Texts]) -> frozenset[bytes]:
    """All grams of texts that count for nothing: our own, so without a limit. A second or two for a whole system."""
    runs = (run for texts in every for path, text in texts.items() for run in _runs(path, text, ""))
    return frozenset(gram for run in runs for gram in run.grams)


def common_grams(works: Iterable[Sequence[Run]]) -> frozenset[bytes]:
    """Grams that COMMON people or more have."""
    held = Counter(gram for runs in works for gram in {gram for run in runs for gram in run.grams})
    return frozenset(gram for gram, count in held.items() if count >= COMMON)


def likenesses(works: Sequence[Sequence[Run]], nothing: frozenset[bytes]) -> Iterator[tuple[int, int, Shared]]:
    """Pairs of these works that share much, by their places; what is in `nothing` counts for nothing.

    Two hundred works of a hundred lines take some seconds.
    """
    nothing = nothing | common_grams(works) | {_MUTE}
    holders: dict[bytes, set[int]] = {}
    for place, runs in enumerate(works):
        for gram in _winnowed(runs) - nothing:
            holders.setdefault(gram, set()).add(place)
    pairs = {pair for held in holders.values() for pair in combinations(sorted(held), 2)}
    for one, other in sorted(pairs):
        shared = shared_by(works[one], works[other], nothing)
        if is_much(shared, works[one], works[other], nothing):
            yield one, other, shared


def is_much(shared: Shared, one: Sequence[Run], other: Sequence[Run], nothing: frozenset[bytes]) -> bool:
    """Whether it is worth a look."""
    shorter = min(_own_lines(one, nothing), _own_lines(other, nothing))
    return shared.lines >= FEWEST_LINES and shared.lines >= SHARE * shorter


def shared_by(one: Sequence[Run], other: Sequence[Run], nothing: frozenset[bytes]) -> Shared:
    """The passages that both have, the longest possible ones. A line is told once, however often it comes again."""
    lines_one: set[tuple[str, int]] = set()
    lines_other: set[tuple[str, int]] = set()
    passages = []
    for first, at, second, there, length in sorted(_matches(one, other, nothing), key=lambda match: -match[4]):
        mine = {(first.path, line) for line in first.lines[at : at + length + GRAM - 1]}
        theirs = {(second.path, line) for line in second.lines[there : there + length + GRAM - 1]}
        if mine <= lines_one or theirs <= lines_other:
            continue
        lines_one |= mine
        lines_other |= theirs
        passages.append(_passage(first.path, mine, second.path, theirs))
    passages.sort(key=lambda passage: (passage.one, passage.one_from))
    return Shared(min(len(lines_one), len(lines_other)), passages)


def _passage(one: str, mine: set[tuple[str, int]], other: str, theirs: set[tuple[str, int]]) -> Passage:
    here, there = [line for _, line in mine], [line for _, line in theirs]
    return Passage(one, min(here), max(here), other, min(there), max(there))


def _matches(
    one: Sequence[Run], other: Sequence[Run], nothing: frozenset[bytes]
) -> Iterator[tuple[Run, int, Run, int, int]]:
    """Each longest row of equal grams that are not nothing: where it begins in both, and how many grams it has.

    At most COMMON places of one gram are looked at: what repeats itself in one work is told once.
    """
    places: dict[bytes, list[tuple[Run, int]]] = {}
    for run in other:
        for at, gram in enumerate(run.grams):
            if gram != _MUTE and gram not in nothing and len(places.setdefault(gram, [])) < COMMON:
                places[gram].append((run, at))
    for run in one:
        for at, gram in enumerate(run.grams):
            for second, there in places.get(gram, ()):
                if not (at and there and _is_same(run.grams[at - 1], second.grams[there - 1], nothing)):
                    yield run, at, second, there, _length(run, at, second, there, nothing)


def _is_same(gram: bytes, other: bytes, nothing: frozenset[bytes]) -> bool:
    return gram == other != _MUTE and gram not in nothing


def _length(one: Run, at: int, other: Run, there: int, nothing: frozenset[bytes]) -> int:
    length = 0
    for place in range(min(len(one.grams) - at, len(other.grams) - there)):
        if not _is_same(one.grams[at + place], other.grams[there + place], nothing):
            break
        length += 1
    return length


def _own_lines(runs: Sequence[Run], nothing: frozenset[bytes]) -> int:
    """Lines in which a gram begins or ends that is not nothing."""
    return len(
        {
            (run.path, line)
            for run in runs
            for at, gram in enumerate(run.grams)
            if gram != _MUTE and gram not in nothing
            for line in (run.lines[at], run.lines[at + GRAM - 1])
        }
    )


def _winnowed(runs: Sequence[Run]) -> set[bytes]:
    """The least gram of each window, the paper's choice: whoever has the same window chooses the same."""
    return {min(run.grams[at : at + WINDOW]) for run in runs for at in range(max(1, len(run.grams) - WINDOW + 1))}


def _hash(words: Sequence[str]) -> bytes:
    return blake2b("\0".join(words).encode(), digest_size=8).digest()


def _written(start: str, text: str) -> frozenset[int]:
    """The lines that are not in the start, from 1."""
    before, after = start.splitlines(), text.splitlines()
    if not before:
        return frozenset(range(1, len(after) + 1))
    matcher = SequenceMatcher(None, before, after, autojunk=True)
    changed = (code for code in matcher.get_opcodes() if code[0] in ("insert", "replace"))
    return frozenset(line + 1 for _, _, _, begin, end in changed for line in range(begin, end))


def _unbroken(tokens: Iterable[tuple[str, int]], written: frozenset[int]) -> Iterator[list[tuple[str, int]]]:
    """The tokens of written lines, apart wherever a line of the start with tokens lies between them."""
    row: list[tuple[str, int]] = []
    for word, line in tokens:
        if line in written:
            row.append((word, line))
        elif row:
            yield row
            row = []
    if row:
        yield row


def _tokens(path: str, text: str) -> Iterator[tuple[str, int]]:
    """Words with their lines. Texts that stand beside each other are one text."""
    every = [("", 0), *_words(path, text)]
    return (this for before, this in pairwise(every) if not (this[0] == before[0] == "S"))


def _words(path: str, text: str) -> Iterator[tuple[str, int]]:
    text = "\n".join(line[:MOST_COLUMNS] for line in text.splitlines())
    line = 1
    for kind, value in _lexer(path).get_tokens(text):
        word = _word(kind, value)
        if word:
            yield word, line
        line += value.count("\n")


def _word(kind: Any, value: str) -> str:
    if kind in Name.Builtin.Pseudo:
        return "N"
    if kind in Comment or kind in String.Doc or kind in Whitespace or not value.strip():
        return ""
    if kind in Name.Tag or kind in Name.Attribute or kind in Name.Builtin or kind in Keyword:
        return value.strip()
    for whole, word in ((String.Interpol, ""), (String.Affix, ""), (String, "S"), (Number, "0"), (Literal, "L")):
        if kind in whole:
            return word
    if kind in Name:
        return "N"
    return "T" if kind in Text else "".join(sign for sign in value.strip() if sign not in _LEFT_OUT)


@lru_cache(maxsize=64)
def _by_ending(ending: str) -> Any:
    if ending == "html":
        return get_lexer_by_name("html+django", stripnl=False, ensurenl=False)
    try:
        return get_lexer_for_filename(f"x.{ending}", stripnl=False, ensurenl=False)
    except ClassNotFound:
        return get_lexer_by_name("text", stripnl=False, ensurenl=False)


def _lexer(path: str) -> Any:
    return _by_ending(path.rpartition(".")[2].lower())
