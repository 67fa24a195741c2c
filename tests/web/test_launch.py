"""One command starts everything, what crashes is started again, and nothing handed in is lost or graded twice."""

from __future__ import annotations

import os
import re
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from djudge.launch.stack import Stack
from tests.web.visitor import Visitor

PATIENCE = 120.0


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    root = tmp_path_factory.mktemp("platform")
    for folder in (root, *root.parents):
        if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    with Stack(lambda line: None, port=0, root=root) as running:
        yield running


def until(stack: Stack, condition: Callable[[], bool]) -> bool:
    """Keep the parts running until something is so."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        stack.watch(0.3)
        try:
            if condition():
                return True
        except OSError:
            continue
    return False


def rows(stack: Stack, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(stack.postgres.url.replace("postgres://", "postgresql://")) as connection:
        return connection.execute(query).fetchall()  # type: ignore[call-overload,no-any-return]


def hand_in(visitor: Visitor) -> str:
    """Try the task that everybody may try, with one line changed; the address of the workspace."""
    visitor.get("/try/")
    page = visitor.post("/try/")
    workspace = visitor.at
    version = re.search(r'name="version" value="(\d+)"', page)
    path = re.search(r'name="path" value="([^"]+)"', page)
    assert version
    assert path
    visitor.post(
        f"{workspace}save/", path=path[1], text="# nothing works any more\n", version=version[1], **{"hand-in": "1"}
    )
    return workspace


def test_everything_answers_and_says_that_it_is_ready(stack: Stack) -> None:
    visitor = Visitor(stack.address)
    assert "At which level does a Django developer work?" in visitor.get("/")
    ready = visitor.get("/readyz")
    assert ready.count('"ok"') == 4
    for system in stack.systems:
        with urllib.request.urlopen(system.address, timeout=30) as answer:
            assert answer.status == 200


def test_a_worker_that_is_killed_while_it_grades_costs_nobody_a_submission(stack: Stack) -> None:
    visitor = Visitor(stack.address)
    workspace = hand_in(visitor)
    assert until(stack, lambda: "Being graded" in visitor.get(workspace))
    os.killpg(stack.supervisor.process_id("Worker grading"), signal.SIGKILL)
    assert until(stack, lambda: "Read the report" in visitor.get(workspace))
    assert rows(stack, "select count(*) from grading_result")[0][0] == 1


def test_parts_that_are_killed_are_started_again_and_what_was_handed_in_meanwhile_is_graded(stack: Stack) -> None:
    visitor = Visitor(stack.address)
    for part in ("Valkey", "Web server", "Worker grading", "Beat"):
        os.killpg(stack.supervisor.process_id(part), signal.SIGKILL)
    assert until(stack, lambda: "Djudge" in visitor.get("/"))
    workspace = hand_in(visitor)
    assert until(stack, lambda: "Read the report" in visitor.get(workspace))
    process = stack.postgres.process
    assert process is not None
    process.send_signal(signal.SIGQUIT)
    process.wait(20)
    assert until(stack, lambda: visitor.get("/readyz").count('"ok"') == 4)
    assert "Read the report" in visitor.get(workspace)
    assert rows(stack, "select count(*) from grading_submission")[0][0] == 2
    assert rows(stack, "select count(*) from grading_result")[0][0] == 2
