"""Red flags: two kinds of evidence or none, on every way a judgement goes, and no mark is lost by one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.packs.conftest import edit as edit
from tests.packs.conftest import packs as packs
from tests.packs.conftest import task_folder as task_folder
from tests.reports.sample_reports import FLAG, flagged, good, junior
from tests.verify.test_rules import SOUND
from tests.verify.test_rules import task as task

from djudge.engine.errors import TaskFault
from djudge.engine.packs.carrying import judgement_from_json, judgement_to_json
from djudge.engine.packs.loading import discover
from djudge.engine.packs.model import Task
from djudge.engine.reports.assembling import candidate_view
from djudge.engine.reports.canonical import canonical, digest
from djudge.engine.reports.html import render_html
from djudge.engine.reports.junit import render_junit
from djudge.engine.reports.reading import read_report
from djudge.engine.reports.terminal import render_terminal
from djudge.engine.rescoring.changes import changes_between
from djudge.engine.values import Answered, Claimed, Judgement, Place, RedFlag, Seen, Sign, red_flag
from djudge.engine.verify.rules import problems_of, solutions_earn_what_they_declare

SIGN = Sign(what="a list in a text", place=Place(file="shop/models.py", line=3))
SEEN = Seen("shop_product.tags holds several names.")


def raised(text: list[Sign], behaviour: list[Seen[str] | Answered[str]]) -> RedFlag | None:
    return red_flag("k", guide_line=62, what="w", innocent="i", text=text, behaviour=behaviour)


def test_a_flag_needs_both_kinds_of_evidence_and_a_claim_is_neither() -> None:
    assert raised([SIGN], [SEEN]) is not None
    assert raised([SIGN], []) is None
    assert raised([], [SEEN]) is None
    with pytest.raises(TypeError, match="both kinds"):
        replace(FLAG, text=())
    with pytest.raises(TypeError, match="both kinds"):
        replace(FLAG, behaviour=())
    with pytest.raises(TypeError, match="wrapped"):
        Seen(Claimed("I checked it"))


def test_a_judgement_comes_home_with_its_flags() -> None:
    judgement = Judgement((), (), (FLAG,))
    through_a_pipe = json.loads(json.dumps(judgement_to_json(judgement)))
    assert judgement_from_json(through_a_pipe) == judgement


@pytest.mark.parametrize("flags", [("a word",), (replace(FLAG, behaviour=("a word",)),)])
def test_what_is_no_flag_is_the_authors_fault(flags: tuple[RedFlag, ...]) -> None:
    with pytest.raises(TaskFault, match="red flag"):
        judgement_to_json(Judgement((), (), flags))


def test_a_flag_stands_in_every_rendering_with_both_kinds_of_evidence_and_its_innocent_explanation() -> None:
    report = flagged()
    for page in (render_terminal(report, width=400), render_html(report), render_html(candidate_view(report))):
        for said in (
            "elationships misunderstood",
            "line 62",
            "catalog/views.py:12",
            "“tags” holds a list",
            "in one value, in 3 rows.",
            "A list may be read whole",
        ):
            assert said in page
    assert '<property name="red_flag.1" value="relationships-misunderstood"' in render_junit(report)
    for page in (render_terminal(good()), render_html(good())):
        assert "Red flags" not in page


def test_a_flag_costs_no_mark_and_is_asked_about() -> None:
    before, after = junior(), flagged()
    assert [each.outcome for each in after.bullets] == [each.outcome for each in before.bullets]
    assert after.headline == before.headline
    (asked,) = (each for each in after.questions if "catalog/views.py, line 12" in each.text)
    assert "“tags” holds a list" in asked.text
    assert "in 3 rows" in asked.because
    assert "may be read whole" in asked.listen_for


def test_the_canonical_report_has_the_flag_and_is_what_it_was_where_there_is_none() -> None:
    report = flagged()
    assert b"red_flags" in canonical(report)
    assert digest(report) != digest(report.model_copy(update={"red_flags": ()}))
    assert b"red_flags" not in canonical(good())


def test_a_report_that_was_stored_before_there_were_flags_is_still_read() -> None:
    stored = json.loads(good().to_json())
    del stored["red_flags"]
    assert read_report(json.dumps(stored).encode()) == good()
    assert read_report(flagged().to_json().encode()) == flagged()


def test_judging_again_tells_flags_that_are_new_gone_or_reworded() -> None:
    without = flagged().model_copy(update={"red_flags": ()})
    assert changes_between(without, flagged()).flags_new == ("relationships-misunderstood",)
    assert changes_between(flagged(), without).flags_gone == ("relationships-misunderstood",)
    (flag,) = flagged().red_flags
    reworded = flagged().model_copy(update={"red_flags": (flag.model_copy(update={"what": "else"}),)})
    assert changes_between(flagged(), reworded).parts == ("words of red flags",)


def test_a_solution_has_to_raise_the_flags_that_it_declares_and_no_others(task: Task) -> None:
    first = SOUND[2]
    assert first.expected is not None
    declares = replace(first, expected=replace(first.expected, red_flags=("relationships-misunderstood",)))
    raises = replace(first, red_flags=frozenset({"relationships-misunderstood"}))

    for wrong in (declares, raises):
        (problem,) = solutions_earn_what_they_declare(task, [wrong])
        assert "red flags" in problem.what
    assert not list(solutions_earn_what_they_declare(task, [replace(declares, red_flags=raises.red_flags)]))
    assert problems_of(task, SOUND) == ()


@pytest.mark.parametrize(("solution", "warned"), [("wrong/half", False), ("expert", True)])
def test_sound_work_that_declares_a_flag_is_warned_about(
    packs: Path, task_folder: Path, solution: str, warned: bool
) -> None:
    file = task_folder / "solutions" / solution / "expected.toml"
    file.write_text('red_flags = ["relationships-misunderstood"]\n' + file.read_text())
    library = discover(packs)
    (found,) = library.tasks
    assert found.solution(solution).expected.red_flags == ("relationships-misunderstood",)
    assert any("Sound work raises a red flag" in entry.message for entry in library.diagnostics) is warned
