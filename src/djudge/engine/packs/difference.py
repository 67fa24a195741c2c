"""The unified difference of two texts, in bounded time whatever the texts are.

`difflib` alone is quadratic or worse on texts made for it, so lines that repeat a lot don't count as anchors,
and a changed part that is very long is shown as taken out and put in whole.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

#: A changed part longer than this is not searched for what stayed in it.
SEARCHED_LINES: Final = 2_000

#: A longer difference is cut off with a line that says so.
SHOWN_CHARACTERS: Final = 200_000

_ANCHOR_REPEATS: Final = 4
_CONTEXT: Final = 3

type _Step = tuple[str, int, int, int, int]


def unified(path: str, before: bytes | None, after: bytes | None) -> str:
    """The difference as text; None stands for a file that is not there. Line ends are shown as `\\n` in any
    case.
    """
    old, new = _lines(before), _lines(after)
    if old is None or new is None:
        return f"Binary file {path} {_verb(before, after)}\n"
    names = f"--- {_side('a', path, before)}\n", f"+++ {_side('b', path, after)}\n"
    text = "".join((*names, *_hunks(old, new)))
    if len(text) > SHOWN_CHARACTERS:
        text = f"{text[:SHOWN_CHARACTERS]}\n… the difference goes on; it is too long to be shown\n"
    return text


def _lines(content: bytes | None) -> list[str] | None:
    """The lines of a text without their ends; None for what is no text. Only `\\n` ends a line, as git sees
    it.
    """
    if content is None:
        return []
    if b"\0" in content:
        return None
    try:
        text = content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else [*lines[:-1], f"{lines[-1]}\n\\ No newline at end of file"]


def _verb(before: bytes | None, after: bytes | None) -> str:
    return "added" if before is None else "deleted" if after is None else "changed"


def _side(side: str, path: str, content: bytes | None) -> str:
    return "/dev/null" if content is None else f"{side}/{path}"


def _hunks(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    matcher = _Known(old, new)
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        _, old_start, _, new_start, _ = group[0]
        _, _, old_end, _, new_end = group[-1]
        yield f"@@ -{_range(old_start, old_end)} +{_range(new_start, new_end)} @@\n"
        for tag, i, j, k, m in group:
            if tag == "equal":
                yield from (f" {line}\n" for line in old[i:j])
            else:
                yield from (f"-{line}\n" for line in old[i:j])
                yield from (f"+{line}\n" for line in new[k:m])


def _range(start: int, end: int) -> str:
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


class _Known(difflib.SequenceMatcher[str]):
    """`difflib`'s matcher over steps found elsewhere, in bounded time; it groups and does not search."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        super().__init__(None, "", "")
        self._steps = _steps(old, new)

    def get_opcodes(self) -> list[_Step]:  # type: ignore[override]
        """The steps from the old text to the new one."""
        return self._steps


def _steps(old: Sequence[str], new: Sequence[str]) -> list[_Step]:
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    old_end, new_end = len(old) - tail, len(new) - tail
    steps: list[_Step] = [("equal", 0, head, 0, head)] if head else []
    steps += [
        (tag, i + head, j + head, k + head, m + head)
        for tag, i, j, k, m in _search(old[head:old_end], new[head:new_end])
    ]
    if tail:
        steps.append(("equal", old_end, len(old), new_end, len(new)))
    return steps


def _search(old: Sequence[str], new: Sequence[str]) -> list[_Step]:
    if not old and not new:
        return []
    if max(len(old), len(new)) > SEARCHED_LINES:
        return [("replace", 0, len(old), 0, len(new))]
    repeats = Counter(new) + Counter(old)
    matcher = difflib.SequenceMatcher(lambda line: repeats[line] > 2 * _ANCHOR_REPEATS, old, new, autojunk=False)
    return list(matcher.get_opcodes())


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    count = 0
    for before, after in zip(old, new, strict=False):
        if before != after:
            break
        count += 1
    return count
