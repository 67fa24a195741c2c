"""A Python file as a text with a syntax tree over it: where each node stands, and what would stand there instead.

Mutants change the text at one place and leave the rest as it was written, comments and all.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

#: What has a place in the text.
type Part = ast.expr | ast.stmt | ast.keyword | ast.alias


@dataclass(frozen=True, slots=True)
class Edit:
    """A replacement at one place: byte offsets, the new text, and in a few words what it changes."""

    start: int
    end: int
    text: str
    what: str
    line: int


@dataclass(frozen=True)
class Source:
    """One file, parsed. Raises SyntaxError where it is no Python."""

    path: str
    content: bytes

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.content)

    @cached_property
    def lines(self) -> Sequence[str]:
        """The lines of the text, without their ends."""
        return [line.decode() for line in self.content.split(b"\n")]

    @property
    def is_migration(self) -> bool:
        """Whether the file describes a change of the database's tables."""
        return "migrations" in self.path.split("/")[:-1]

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node that a node belongs to; None for the module."""
        return self._parents.get(node)

    def span(self, node: Part) -> tuple[int, int]:
        """Byte offsets of a node."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._offset(node.lineno, node.col_offset), self._offset(node.end_lineno, node.end_col_offset)

    def of(self, node: Part) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self.content[start:end].decode()

    def short(self, node: Part, most: int = 60) -> str:
        """The text of a node on one line, cut to a length."""
        text = " ".join(self.of(node).split())
        return text if len(text) <= most else text[: most - 1] + "…"

    def replaced(self, node: Part, text: str, what: str) -> Edit:
        """Another text in the place of a node."""
        return Edit(*self.span(node), text, what, node.lineno)

    def renamed(self, function: ast.FunctionDef | ast.AsyncFunctionDef, name: str, what: str) -> Edit:
        """Another name for a function where it is defined."""
        start = self.content.index(f" {function.name}".encode(), self.span(function)[0]) + 1
        return Edit(start, start + len(function.name), name, what, function.lineno)

    def attribute_renamed(self, attribute: ast.Attribute, name: str, what: str) -> Edit:
        """Another last name in `a.b`."""
        end = self.span(attribute)[1]
        return Edit(end - len(attribute.attr), end, name, what, attribute.end_lineno or attribute.lineno)

    def without_link(self, call: ast.Call, what: str) -> Edit:
        """A chain without one of its calls: `a.filter(b).c()` as `a.all().c()`, or `a.c()` after another call.

        `.all()` keeps a manager from standing where a queryset is needed.
        """
        link = call.func
        assert isinstance(link, ast.Attribute)
        name = self.span(link)[1] - len(link.attr)
        dot = self.content.rindex(b".", self.span(link.value)[1], name)
        instead = "" if isinstance(link.value, ast.Call) else ".all()"
        return Edit(dot, self.span(call)[1], instead, what, link.end_lineno or link.lineno)

    def without_element(self, sequence: ast.List | ast.Tuple | ast.Set, index: int, what: str) -> Edit:
        """A list, tuple or set without one element; an empty set is written as a list."""
        kept = [self.of(element) for number, element in enumerate(sequence.elts) if number != index]
        if isinstance(sequence, ast.Tuple):
            text = f"({', '.join(kept)}{',' if len(kept) == 1 else ''})"
        elif isinstance(sequence, ast.Set) and kept:
            text = f"{{{', '.join(kept)}}}"
        else:
            text = f"[{', '.join(kept)}]"
        return Edit(*self.span(sequence), text, what, sequence.elts[index].lineno)

    def without_argument(self, call: ast.Call, dropped: ast.expr | ast.keyword, what: str) -> Edit:
        """A call without one of its arguments."""
        given: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
        kept = [self.of(one) for one in sorted(given, key=lambda one: self.span(one)) if one is not dropped]
        return Edit(
            self.content.index(b"(", self.span(call.func)[1]),
            self.span(call)[1],
            f"({', '.join(kept)})",
            what,
            dropped.lineno,
        )

    def without_lines(self, start: int, end: int, what: str) -> Edit:
        """The file without the lines that hold these bytes."""
        first = self.content.rfind(b"\n", 0, start) + 1
        last = self.content.find(b"\n", end)
        line = self.content.count(b"\n", 0, first) + 1
        return Edit(first, len(self.content) if last < 0 else last + 1, "", what, line)

    def edited(self, edit: Edit) -> bytes:
        """The file with the edit made."""
        return self.content[: edit.start] + edit.text.encode() + self.content[edit.end :]

    def line_text(self, number: int) -> str:
        """A line without the space around it; lines count from 1."""
        return self.lines[number - 1].strip()

    @cached_property
    def _parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def _starts(self) -> Sequence[int]:
        return list(_line_starts(self.content))

    def _offset(self, line: int, column: int) -> int:
        return self._starts[line - 1] + column


def _line_starts(content: bytes) -> Iterator[int]:
    yield 0
    for place, byte in enumerate(content):
        if byte == 0x0A:
            yield place + 1


def last_name(node: ast.AST | None) -> str:
    """The last name of what is called or referred to: `now` of `timezone.now()`; empty where there is none."""
    match node:
        case ast.Call(func=function):
            return last_name(function)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def first_name(node: ast.AST | None) -> str:
    """The name that a chain of attributes and calls begins with: `Order` of `Order.objects.filter(...)`."""
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else ""
