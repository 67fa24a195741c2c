r"""Text from hostile hands, made safe to store and to read.

A submission chooses file names, identifiers, messages, SQL and tracebacks, and a report carries them into
terminals, pages, XML and spreadsheets. Escaping for the format is the format's work; what happens here is
that nothing invisible stays invisible (control characters, ANSI escapes, characters that turn the direction
of text become
`\x1b`,
`\u202e`), and nothing grows without end.
"""

from __future__ import annotations

import re
from typing import Final

LINE: Final = 500
BLOCK: Final = 16_000

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")

# Everything that has no picture of its own, or changes how its neighbours are shown: C0 and C1 controls, soft
# hyphen, bidi and format characters, fillers, line separators, surrogates, private use, non-characters, tags.
_INVISIBLE: Final = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff"
)
_IN_BLOCK: Final = re.compile(f"[{_INVISIBLE}]")
_IN_LINE: Final = re.compile(f"[\t\n{_INVISIBLE}]")
# Four marks on one letter occur in living scripts; towers of them cover the lines around.
_TOWER: Final = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{4})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_SHORT: Final = {"\n": r"\n", "\t": r"\t", "\r": r"\r"}


def storable(text: str, most: int) -> str:
    """The text as JSON, XML and a database can hold it: no NUL, no lone surrogate, bounded in length."""
    return _UNSTORABLE.sub(_escape, shorten(text, most))[:most]


def line(text: str, most: int = LINE) -> str:
    """The text on one line, every invisible character made visible."""
    return _TOWER.sub(r"\1…", _IN_LINE.sub(_escape, shorten(text, most)))


def visible(text: str, most: int = BLOCK) -> str:
    """The text with its line breaks and tabs, every other invisible character made visible."""
    whole = shorten(text, most).replace("\r\n", "\n")
    return _TOWER.sub(r"\1…", _IN_BLOCK.sub(_escape, whole))


def cell(text: str, most: int = LINE) -> str:
    """One line for a table that someone may paste into a spreadsheet: what looks like a formula is quoted."""
    safe = line(text, most)
    return f"'{safe}" if text.lstrip(" ").startswith(_FORMULA) else safe


def shorten(text: str, most: int) -> str:
    """At most `most` characters: of a line its beginning, of more also the end, where tracebacks say most."""
    if len(text) <= most:
        return text
    if most <= LINE:
        return text[: most - 1] + "…"
    note = f"\n… more than {len(text) - most:,} characters left out …\n"
    room = most - len(note)
    head = room // 3
    return text[:head] + note + text[len(text) - (room - head) :]


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
