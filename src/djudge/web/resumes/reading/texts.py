"""Letters as people read them: nothing that steers terminals, hides, or turns the direction of what follows."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LIGATURES: Final = str.maketrans({0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"})
_BLANKS: Final = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u3000]+")

#: Told apart when a row is joined, so that cells of a table do not grow together.
CELL: Final = "  "


def is_letterless(code: int) -> bool:
    """A sign that does not say which letter it is: no mapping, or a place that fonts use as they like."""
    return code in (0, 0xFFFD, 0xFFFE, 0xFFFF) or unicodedata.category(chr(code)) in ("Co", "Cn")


def cleaned(text: str) -> str:
    """One line: blanks as one, but for the gap between cells; without control, format and letterless signs."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").translate(_LIGATURES)
    text = text.replace("\t", CELL)
    kept = "".join(each for each in text if not _is_dropped(each))
    return CELL.join(part for each in kept.split(CELL) if (part := _BLANKS.sub(" ", each).strip()))


def _is_dropped(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") or sign == "\ufffd"


def unspaced(text: str) -> str:
    """`E D U C A T I O N` as the word that it is; anything else as it stands."""
    words = text.split(" ")
    is_spaced = len(words) > 3 and all(len(word) == 1 and word.isalpha() for word in words)
    return "".join(words) if is_spaced else text
