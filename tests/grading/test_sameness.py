"""The same submission gets the same report, to the byte: in one slot, in two at once, under another user."""

import hashlib
import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import pytest

from djudge.engine.cli.library import named_task
from djudge.engine.grade import grade
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import submission_of_solution
from djudge.engine.reports.canonical import canonical
from djudge.engine.slot import Slot

SOLUTION = "junior"


def canonical_reports(times: int) -> list[bytes]:
    """That many gradings of one submission in a slot of their own."""
    task = named_task("SH4")
    submission = submission_of_solution(task, SOLUTION)
    with Slot(task.pack) as slot:
        return [canonical(grade(slot, task, submission, local_seed(task), lambda *_: None)) for _ in range(times)]


def in_two_slots_at_once(times: int) -> list[bytes]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=2, mp_context=context) as pool:
        halves = pool.map(canonical_reports, [times // 2, times - times // 2])
        return [report for half in halves for report in half]


@pytest.mark.parametrize(
    "times", [pytest.param(20, id="20 times"), pytest.param(200, id="200 times", marks=pytest.mark.prove)]
)
@pytest.mark.timeout(1800)
def test_one_submission_has_one_canonical_report_however_often_it_is_graded(times: int) -> None:
    alone = canonical_reports(times // 2)
    together = in_two_slots_at_once(times // 2)
    assert len(alone) + len(together) == times
    assert len({*alone, *together}) == 1


def test_the_json_report_carries_the_hash_of_its_canonical_form_and_nothing_of_the_hour() -> None:
    task = named_task("SH4")
    submission = submission_of_solution(task, SOLUTION)
    with Slot(task.pack) as slot:
        first, second = (grade(slot, task, submission, local_seed(task), lambda *_: None) for _ in range(2))
    document = json.loads(first.to_json())
    assert document["canonical_sha256"] == hashlib.sha256(canonical(first)).hexdigest()
    assert first.run != second.run
    assert first.canonical_sha256 == second.canonical_sha256


def test_another_submission_and_another_seed_have_another_report() -> None:
    task = named_task("SH4")
    found = set()
    with Slot(task.pack) as slot:
        for name, seed in ((SOLUTION, None), (SOLUTION, "another"), ("expert", None)):
            submission = submission_of_solution(task, name)
            found.add(grade(slot, task, submission, local_seed(task, seed), lambda *_: None).canonical_sha256)
    assert len(found) == 3
