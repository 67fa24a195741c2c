"""What can be tried live with a task: read from the text of its `observe.py`, which is ours.

A manifest does not name the probes of a task, and a line more in it would be another task that has to be proved anew.
What is called is the truth of it anyway: `growth.observe` measures a page at growing sizes, `race.forced` lets as many
do the same at once as the crowd has that was asked for. A test holds each scene against what the judge really measures.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Whether a task measures growth, and how many its races let do the same at the same moment; 0 without a race."""

    grows: bool = False
    at_once: int = 0

    @property
    def is_one(self) -> bool:
        """Whether there is anything to be tried live."""
        return self.grows or self.at_once > 0


def scene_of(file: Path) -> Scene:
    """The scene of a task by its `observe.py`. Some milliseconds, and nothing of the file is run."""
    tree = ast.parse(file.read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    numbers = dict(_numbers(tree))
    crowds = [_number(call.args[0], numbers) for call in calls if _is(call, "run", "crowd") and call.args]
    races = any(_is(call, "race", "forced") for call in calls)
    return Scene(
        grows=any(_is(call, "growth", "observe") for call in calls),
        at_once=max(crowds, default=0) if races else 0,
    )


def _is(call: ast.Call, module: str, name: str) -> bool:
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr == name
        and isinstance(function.value, ast.Name)
        and function.value.id == module
    )


def _numbers(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Constants of the module."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, int):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value.value


def _number(node: ast.expr, numbers: dict[str, int]) -> int:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    return numbers.get(node.id, 0) if isinstance(node, ast.Name) else 0
