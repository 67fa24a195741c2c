"""The guide line by line: each has a row, each row leads to where it acts or says that it does not yet."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path

from django.test import Client
from django.urls import reverse

from djudge.engine.packs.loading import discover
from djudge.web.config.guide import LINES
from djudge.web.config.guide_proofs import PROOFS

ROOT = Path(__file__).parents[2]
#: So many lines has the guide.
ALL = range(1, 111)


def test_every_line_of_the_guide_has_one_row_in_its_place() -> None:
    numbers = [line.number for line in LINES]
    assert numbers == list(ALL)


def test_every_row_leads_to_a_page_or_a_task_or_says_not_yet(client: Client, db: None) -> None:
    page = client.get("/guide/").content.decode()
    for line in LINES:
        if line.is_heading:
            continue
        row = page[page.index(f'id="line-{line.number}"') :]
        row = row[: row.find('id="line-', 10)]
        assert ("not yet" in row) == (not line.acts), f"line {line.number}"
        if line.at:
            assert f'href="{reverse(line.at)}"' in row, f"line {line.number}"
            assert line.label in row
        for card in line.tasks:
            assert f">{card.id}</a>" in row, f"line {line.number}"


@cache
def _functions(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_line_that_is_acted_on_is_held_by_a_test_or_by_tasks_that_are_proved() -> None:
    for line in LINES:
        if line.acts and not line.is_heading:
            assert line.proofs or line.tasks, f"line {line.number} is acted on, and nothing holds it"


def test_what_is_said_to_hold_a_line_is_there() -> None:
    assert set(PROOFS) <= {line.number for line in LINES if not line.is_heading}
    for number, proofs in PROOFS.items():
        for proof in proofs:
            file, _, function = proof.test.partition("::")
            assert function.startswith("test_"), f"line {number}: {proof.test}"
            assert function in _functions(ROOT / file), f"line {number}: {proof.test}"


def test_every_task_beside_a_line_was_proved_as_it_is_now() -> None:
    for line in LINES:
        for card in line.tasks:
            assert card.killed is not None, f"line {line.number}: {card.name}"


def test_a_task_that_names_a_line_stands_beside_it() -> None:
    shown = Counter(card.name for line in LINES for card in line.tasks)
    for task in discover().tasks:
        lines = [number for number in task.guide_lines if number in ALL]
        assert shown[task.name] == len(lines), task.name
