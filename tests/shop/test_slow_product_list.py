"""SH4's texts: the hooks by which the judge reads the page, and that its files say the same."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from djudge.engine.packs.loading import discover, find_task
from djudge.engine.packs.tree import solution_tree, start_tree, visible_tests

PACKS = Path(__file__).resolve().parents[2] / "packs"
TEMPLATE = "catalogue/templates/catalogue/product_list.html"
PAGES = "catalogue/templates/catalogue/_pages.html"
#: What the brief promises to read, and how each is written in the templates.
HOOKS = {
    "article.product": '<article class="product"',
    "data-sku": 'data-sku="',
    ".name": 'class="name"',
    ".brand": 'class="brand"',
    ".price": '<p class="price" data-amount="',
    "data-currency": 'data-currency="',
    "img.main": '<img class="main" src="',
    ".tags li": '<ul class="tags">{% for',
    ".rating": '<p class="rating" data-average="',
    "data-count": 'data-count="',
    ".total": '<p class="total" data-total="',
    ".pages": '<nav class="pages"',
    "data-page": 'data-page="',
    "data-pages": 'data-pages="',
}

LIBRARY = discover(PACKS)
TASK = find_task(LIBRARY, "SH4")


def test_the_task_loads_without_an_error() -> None:
    assert not LIBRARY.diagnostics.errors


@pytest.mark.parametrize("hook", HOOKS)
def test_each_hook_stands_in_the_brief(hook: str) -> None:
    assert f"`{hook}`" in TASK.brief


def test_the_brief_is_short_and_asks_what_the_checks_ask() -> None:
    assert len(TASK.brief.split()) <= 400
    said = " ".join(TASK.brief.replace("`", "").split())
    for check in TASK.checks:
        assert check.asks in said


@pytest.mark.parametrize("solution", [None, *TASK.solutions], ids=lambda found: found.name if found else "start")
def test_every_solution_keeps_every_hook(solution: object) -> None:
    tree = solution_tree(TASK, solution) if solution else start_tree(TASK)  # type: ignore[arg-type]
    text = (tree[TEMPLATE] + tree[PAGES]).decode()
    assert [hook for hook, written in HOOKS.items() if written not in text] == []


@pytest.mark.parametrize("solution", TASK.solutions, ids=lambda found: found.name)
def test_every_solution_changes_only_what_a_candidate_may(solution: object) -> None:
    folder: Path = solution.folder  # type: ignore[attr-defined]
    files = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    changed = [file for file in files if file != "expected.toml"]
    assert changed
    assert all(re.match(r"catalogue/|stallhouse/(settings|urls)\.py$", file) for file in changed), changed


@pytest.mark.parametrize("solution", [None, *TASK.solutions], ids=lambda found: found.name if found else "start")
def test_every_python_file_can_be_read(solution: object) -> None:
    tree = solution_tree(TASK, solution) if solution else start_tree(TASK)  # type: ignore[arg-type]
    for path, content in {**tree, **visible_tests(TASK)}.items():
        if path.endswith(".py"):
            ast.parse(content, path)


def test_the_start_gives_no_solution_away() -> None:
    """In the app that the ticket is about; how other apps of a grown shop read their pages is there to be seen."""
    for path, content in start_tree(TASK).items():
        if not path.startswith("catalogue/"):
            continue
        for word in (b"Prefetch(", b"to_attr", b"for_cards", b"Subquery"):
            assert word not in content, path


def test_the_system_s_own_list_is_the_expert_s() -> None:
    expert = solution_tree(TASK, TASK.solution("expert"))
    for path in (TEMPLATE, "catalogue/models.py", "catalogue/querysets.py", "catalogue/views.py"):
        assert (TASK.pack.system / path).read_bytes() == expert[path], path
