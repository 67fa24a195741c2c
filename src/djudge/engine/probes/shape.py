"""Shape: what the submitted text says of itself, read from its syntax tree and never by importing it.

Shape decides which bullet other evidence counts for and what is worth asking in the interview. Alone it never takes
points away, because text can look like anything.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from djudge.engine.values import Json, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call or attribute that the text makes: its last name and its place."""

    name: str
    place: Place

    def to_json(self) -> Json:
        """The stored form."""
        return {"name": self.name, "file": self.place.file, "line": self.place.line}


def observe(files: Mapping[str, bytes | None], names: Iterable[str]) -> Json:
    """Where the Python files of a submission use any of `names`, as an observation of kind `shape`.

    Files that don't parse are left out: the guest says at its start what is wrong with them.
    """
    wanted = frozenset(names)
    uses = [call.to_json() for call in _calls(files) if call.name in wanted]
    return {"kind": "shape", "uses": uses[:200]}


def uses(observation: Json, *names: str) -> list[Place]:
    """The places of an observation where one of `names` is used (of all, where none is named)."""
    if not isinstance(observation, dict) or not isinstance(observation["uses"], list):
        return []
    found = []
    for use in observation["uses"]:
        if isinstance(use, dict) and (not names or use["name"] in names):
            found.append(Place(file=str(use["file"]), line=int(str(use["line"]))))
    return found


def _calls(files: Mapping[str, bytes | None]) -> Iterator[Call]:
    for file, content in sorted(files.items()):
        if content is None or not file.endswith(".py"):
            continue
        try:
            tree = ast.parse(content, filename=file)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in ast.walk(tree):
            name = _name(node)
            if name:
                yield Call(name=name, place=Place(file=file, line=getattr(node, "lineno", 1)))


def _name(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else None
