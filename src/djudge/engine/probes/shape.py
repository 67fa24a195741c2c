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


def patches(files: Mapping[str, bytes | None]) -> Json:
    """Where a submission assigns to attributes of what it imports from elsewhere, as an observation of kind `shape`.

    `settings` and the submission's own packages are left out: assigning there is ordinary.
    """
    own = {path.partition("/")[0].removesuffix(".py") for path in files}
    found: list[Json] = []
    for file, tree in _trees(files):
        imported = _imported(tree, own)
        for node in ast.walk(tree):
            target = _patched(node)
            if target and _root(target) in imported:
                place = Place(file=file, line=node.lineno)  # type: ignore[attr-defined]
                found.append(Call(name=_dotted(target)[-80:], place=place).to_json())
    return {"kind": "shape", "uses": found[:200]}


def _calls(files: Mapping[str, bytes | None]) -> Iterator[Call]:
    for file, tree in _trees(files):
        for node in ast.walk(tree):
            name = _name(node)
            if name:
                yield Call(name=name, place=Place(file=file, line=getattr(node, "lineno", 1)))


def _trees(files: Mapping[str, bytes | None]) -> Iterator[tuple[str, ast.Module]]:
    for file, content in sorted(files.items()):
        if content is None or not file.endswith(".py"):
            continue
        try:
            yield file, ast.parse(content, filename=file)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue


def _name(node: ast.AST) -> str | None:
    """A call's last name, and an attribute that is read."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id
    return node.attr if isinstance(node, ast.Attribute) else None


def _imported(tree: ast.Module, own: set[str]) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").partition(".")[0] not in own:
            found |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names = {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
            found |= names - own
    return found - {"settings"}


def _patched(node: ast.AST) -> ast.expr | None:
    """What is assigned to: `a.b = ...`, or `setattr(a, ...)`."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
        return node.targets[0]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr" and node.args:
        return node.args[0]
    return None


def _root(node: ast.expr) -> str:
    return _dotted(node).partition(".")[0]


def _dotted(node: ast.expr) -> str:
    """`a.b.c`; empty for what begins with no name. A loop: chains may be longer than recursion is deep."""
    names = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(names)]) if isinstance(node, ast.Name) else ""
