"""The guide line by line: each has a row, each row leads to where it acts or says that it does not yet."""

from __future__ import annotations

from collections import Counter

from django.test import Client
from django.urls import reverse

from djudge.engine.packs.loading import discover
from djudge.web.config.guide import LINES

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
        row = row[: row.index("</li>")]
        assert ("not yet" in row) == (not line.acts), f"line {line.number}"
        if line.at:
            assert f'href="{reverse(line.at)}"' in row, f"line {line.number}"
            assert line.label in row
        for card in line.tasks:
            assert f">{card.id}</a>" in row, f"line {line.number}"


def test_a_task_that_names_a_line_stands_beside_it() -> None:
    shown = Counter(card.name for line in LINES for card in line.tasks)
    for task in discover().tasks:
        lines = [number for number in task.guide_lines if number in ALL]
        assert shown[task.name] == len(lines), task.name
