"""Mutants of a task's expert solution: one small mistake each, made by machine at every site."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from djudge.engine.packs.manifests import glob_to_pattern
from djudge.engine.packs.model import SolutionKind, Task
from djudge.engine.packs.submission import Submission, submission_of_files
from djudge.engine.packs.tree import Tree, solution_files, start_tree
from djudge.engine.verify.operators import OPERATORS, PLAIN_OPERATORS, Operator, project_of
from djudge.engine.verify.query_operators import Project
from djudge.engine.verify.sites import Unit, parsed, units_of_task
from djudge.engine.verify.sources import Edit, Source, last_name

_TWINS: Final = {"drop-index": "indexes", "drop-constraint": "constraints"}
_NAMED: Final = re.compile(r"drops the (?:index|constraint) (\S+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """The expert solution with one mistake. `text` is the line as it was; `files` the changed files, whole."""

    operator: str
    file: str
    line: int
    text: str
    what: str
    files: Mapping[str, bytes]
    diff: str

    @property
    def place(self) -> str:
        """Where the mistake is, for people."""
        return f"{self.file}:{self.line}"

    def submission(self, task: Task) -> Submission:
        """The mutant as a candidate would hand it in."""
        return submission_of_files(task, {**_expert_files(task), **self.files})


def mutants_of(task: Task) -> tuple[Mutant, ...]:
    """All mutants of the task's expert, file by file, in the order of the text. Reads files; runs nothing.

    Every one parses and differs from the expert in its syntax tree. Empty where there is no expert.
    """
    if not any(solution.kind is SolutionKind.EXPERT for solution in task.solutions):
        return ()
    start = start_tree(task)
    whole = {**start, **_expert_files(task)}
    editable = [path for path in whole if _is_editable(task, path)]
    return tuple(mutants_between(start, whole, editable, OPERATORS if task.pack.settings else PLAIN_OPERATORS))


def mutants_between(
    start: Tree, whole: Tree, editable: list[str], operators: Mapping[str, Operator] = OPERATORS
) -> Iterator[Mutant]:
    """The mutants of a project that was made from a start, at the sites that are the task's (`sites`)."""
    sources = parsed(whole)
    project = project_of(list(sources.values()))
    made: set[tuple[str, bytes]] = set()
    for unit in units_of_task(start, whole, editable):
        for operator, edit in _edits(unit, project, operators):
            content = unit.source.edited(edit)
            if (unit.source.path, content) in made or not _is_mutation(unit.source, content):
                continue
            made.add((unit.source.path, content))
            yield _mutant(operator, unit.source, edit, content, sources)


def _edits(unit: Unit, project: Project, operators: Mapping[str, Operator]) -> Iterator[tuple[str, Edit]]:
    found = [
        (operator, edit)
        for node in unit.walk()
        for operator, function in operators.items()
        for edit in function(unit.source, node, project)
    ]
    yield from sorted(found, key=lambda one: (one[1].line, one[1].start, one[0], one[1].what))


def _is_mutation(source: Source, content: bytes) -> bool:
    try:
        return ast.dump(ast.parse(content)) != ast.dump(source.tree)
    except (SyntaxError, ValueError):
        return False


def _mutant(operator: str, source: Source, edit: Edit, content: bytes, sources: Mapping[str, Source]) -> Mutant:
    files = {source.path: content, **_twin(operator, edit, source, sources)}
    return Mutant(
        operator=operator,
        file=source.path,
        line=edit.line,
        text=source.line_text(edit.line),
        what=edit.what,
        files=files,
        diff="".join(_difference(path, sources[path].content, changed) for path, changed in files.items()),
    )


def _twin(operator: str, edit: Edit, source: Source, sources: Mapping[str, Source]) -> dict[str, bytes]:
    """The model without the index or constraint that a mutant's migration no longer makes."""
    named = _NAMED.match(edit.what)
    if operator not in _TWINS or not named:
        return {}
    for path, other in sources.items():
        if not other.is_migration and path.split("/")[0] == source.path.split("/")[0]:
            for change in _without_declaration(other, _TWINS[operator], named[1]):
                return {path: other.edited(change)}
    return {}


def _without_declaration(source: Source, option: str, name: str) -> Iterator[Edit]:
    for node in ast.walk(source.tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=ast.List() | ast.Tuple() as listed) if (
                target == option
            ):
                for index, one in enumerate(listed.elts):
                    if last_name(one) and f'name="{name}"' in source.of(one).replace("'", '"'):
                        yield source.without_element(listed, index, f"drops {name}")


def _difference(path: str, before: bytes, after: bytes) -> str:
    lines = difflib.unified_diff(
        before.decode().splitlines(keepends=True),
        after.decode().splitlines(keepends=True),
        f"expert/{path}",
        f"mutant/{path}",
        n=1,
    )
    return "".join(line if line.endswith("\n") else line + "\n" for line in lines)


def _expert_files(task: Task) -> Tree:
    return solution_files(task.solution(SolutionKind.EXPERT.value))


def _is_editable(task: Task, path: str) -> bool:
    return any(glob_to_pattern(glob).fullmatch(path) for glob in task.editable)
