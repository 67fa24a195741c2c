"""Which places of a solution are the task's: what its expert wrote, and the functions that this leans on.

A unit is a function, or a statement of a module or class that is none. One that the start does not have in the same
class is the expert's. From there the way goes along names, through the files that are imported, to functions of other
editable files: a right answer rests on them as well, and a candidate may break them. Declarations (fields, settings,
`Meta`) are the task's only where the expert wrote them. Tests and migrations of the start never are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from djudge.engine.packs.tree import Tree
from djudge.engine.verify.sources import Source, last_name

type Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, eq=False)
class Unit:
    """A piece of a file that is the task's as a whole or not at all. `owner` is the class around it, dotted."""

    source: Source
    owner: str
    nodes: tuple[ast.AST, ...]
    text: str

    @property
    def name(self) -> str:
        """The function's name; empty for other statements."""
        first = self.nodes[0]
        return first.name if isinstance(first, ast.FunctionDef | ast.AsyncFunctionDef) else ""

    def walk(self) -> Iterator[ast.AST]:
        """All nodes in it."""
        for node in self.nodes:
            yield from _walk_header(node) if isinstance(node, ast.ClassDef) else ast.walk(node)


def parsed(tree: Tree) -> dict[str, Source]:
    """The Python files of a tree that parse."""
    found = {}
    for path, content in tree.items():
        if path.endswith(".py"):
            source = Source(path, content)
            try:
                source.tree  # noqa: B018 (parsed at the first look)
            except (SyntaxError, ValueError):
                continue
            found[path] = source
    return found


def units_of_task(start: Tree, solution: Tree, editable: Sequence[str]) -> list[Unit]:
    """The units of `solution` that are the task's, in the order of the text. `editable` are its paths that may change.

    Both trees are whole projects.
    """
    before, after = parsed(start), parsed(solution)
    own = {path: source for path, source in after.items() if path in editable and _counts(path, start)}
    units = [unit for path in sorted(own) for unit in units_of(own[path])]
    written = [unit for unit in units if _is_new(unit, before.get(unit.source.path))]
    reached = _reached(written, units, _imports(after))
    return [unit for unit in units if unit in reached]


def units_of(source: Source) -> list[Unit]:
    """A file cut into units, from top to bottom."""
    return list(_units(source, source.tree.body, ""))


def _units(source: Source, body: Sequence[ast.stmt], owner: str) -> Iterator[Unit]:
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            inside = f"{owner}.{statement.name}" if owner else statement.name
            header = " ".join(source.of(part) for part in _header(statement))
            yield Unit(source, inside, (statement,), header)
            yield from _units(source, statement.body, inside)
        else:
            decorators = getattr(statement, "decorator_list", [])
            text = "\n".join(source.of(part) for part in [*decorators, statement])
            yield Unit(source, owner, (statement,), text)


def _header(statement: ast.ClassDef) -> list[ast.expr | ast.keyword]:
    return [*statement.decorator_list, *statement.bases, *statement.keywords]


def _walk_header(statement: ast.ClassDef) -> Iterator[ast.AST]:
    """A class without its body: the node itself, bases and decorators."""
    yield statement
    for part in _header(statement):
        yield from ast.walk(part)


def _counts(path: str, start: Tree) -> bool:
    folders, name = path.split("/")[:-1], path.split("/")[-1]
    tests = "tests" in folders or name in ("tests.py", "conftest.py") or name.startswith("test_")
    return not tests and not ("migrations" in folders and path in start)


def _is_new(unit: Unit, before: Source | None) -> bool:
    if before is None:
        return True
    known = {(one.owner, one.text, type(one.nodes[0])) for one in units_of(before)}
    return (unit.owner, unit.text, type(unit.nodes[0])) not in known


def _reached(written: Sequence[Unit], units: Sequence[Unit], imports: Mapping[str, frozenset[str]]) -> set[Unit]:
    """What is written, and every function that it names, directly or by way of other functions."""
    found, left = set(written), list(written)
    while left:
        unit = left.pop()
        near = imports[unit.source.path]
        called, classes = _names(unit), _whole_classes(unit)
        for other in units:
            known = other.name in called or (other.owner in classes and other.name)
            if other not in found and other.name and known and other.source.path in near:
                found.add(other)
                left.append(other)
    return found


def _names(unit: Unit) -> set[str]:
    """Names that a unit uses and does not bind itself, and attributes that it reads; `super()` leads elsewhere."""
    bound = {node.id for node in unit.walk() if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    bound |= {node.arg for node in unit.walk() if isinstance(node, ast.arg)}
    names = {node.id for node in unit.walk() if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    behind = {node.attr for node in unit.walk() if isinstance(node, ast.Attribute) and last_name(node.value) != "super"}
    return (names - bound) | behind


def _whole_classes(unit: Unit) -> set[str]:
    """Names that stand by themselves (`FilterForm(...)`, `form_class = FilterForm`): of a class, all of it is used.

    `Product.objects` is no such use: only what is named behind the dot is.
    """
    within = {node.value for node in unit.walk() if isinstance(node, ast.Attribute)}
    return {node.id for node in unit.walk() if isinstance(node, ast.Name) and node not in within}


def _imports(sources: Mapping[str, Source]) -> dict[str, frozenset[str]]:
    """For each file the files that it can reach by imports, itself among them."""
    direct = {path: set(_imported(source, sources)) for path, source in sources.items()}
    closed = {}
    for path in direct:
        found, left = {path}, [path]
        while left:
            new = direct[left.pop()] - found
            found |= new
            left += new
        closed[path] = frozenset(found)
    return closed


def _imported(source: Source, sources: Mapping[str, Source]) -> Iterator[str]:
    package = source.path.split("/")[:-1]
    for node in ast.walk(source.tree):
        modules: list[list[str]] = []
        if isinstance(node, ast.Import):
            modules = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = [*above, *(node.module.split(".") if node.module else [])]
            modules = [module, *([*module, alias.name] for alias in node.names)]
        for module in modules:
            for path in ("/".join(module) + ".py", "/".join([*module, "__init__.py"])):
                if path in sources:
                    yield path
