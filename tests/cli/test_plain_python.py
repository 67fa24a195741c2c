"""The commands where a pack is plain Python: no server, no Django, and the same words for candidates."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

type Djudge = Callable[..., Any]

RETRY = """
import functools


def retry(*, attempts, on, delay=0.1, factor=2.0, sleep=None, sleep_async=None):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            wait = delay
            for attempt in range(attempts):
                try:
                    return function(*args, **kwargs)
                except on:
                    if attempt + 1 == attempts:
                        raise
                    sleep(wait)
                    wait *= factor
        return wrapper
    return decorate
"""


def test_a_ticket_of_plain_python_is_started_tried_and_graded(djudge: Djudge, tmp_path: Path) -> None:
    place = tmp_path / "work"
    assert djudge("start", "PY1", place).status == 0
    assert (place / "toolbelt" / "retrying.py").is_file()
    failing = djudge("try", place, "--json")
    assert failing.status == 0
    assert json.loads(failing.out)["status"] != 0
    assert "NotImplementedError" in json.loads(failing.out)["output"]
    (place / "toolbelt" / "retrying.py").write_text(RETRY)
    tried = djudge("try", place)
    assert "Ran 3 tests" in tried.out
    assert "All visible tests passed." in tried.out
    graded = djudge("grade", "PY1", place, "--json", "-")
    report = json.loads(graded.out)
    outcomes = {finding["check"]: finding["outcome"] for finding in report["findings"]}
    assert (outcomes["attempts"], outcomes["coroutines"]) == ("shown", "not_shown")
    assert (report["environment"]["django"], report["environment"]["postgres"]) == ("", "")
    shown = djudge("grade", "PY1", place)
    assert "no database" in shown.out


def test_there_is_no_site_to_run(djudge: Djudge) -> None:
    refused = djudge("system", "run", "python")
    assert refused.status == 2
    assert "plain Python" in refused.err
