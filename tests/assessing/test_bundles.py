"""A bundle for real: one submission graded, one refused, one missing; and bundles that are none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Called
from tests.cli.conftest import djudge as djudge

from djudge.engine.assessing.bundles import submissions_in
from djudge.engine.errors import OperatorFault
from djudge.engine.folders import packs_folder
from djudge.engine.packs.assessments import find_assessment
from djudge.engine.packs.loading import discover
from djudge.engine.packs.model import Assessment
from djudge.engine.packs.submission import submission_of_solution
from djudge.engine.reports.reading import read_report

TEMPLATE = Path(__file__).parents[2] / "docs/how-to/task-template"
THREE = """\
format = 1
id = "three"
title = "Three tasks"
lane = "django-ready"
tasks = ["shop/goods-in-numbers", "shop/slow-product-list", "shop/numbers-again"]
"""


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shop with the template's task twice, and an assessment of three tasks."""
    packs = tmp_path / "packs"
    shutil.copytree(packs_folder() / "shop", packs / "shop", ignore=shutil.ignore_patterns("tasks"))
    tasks = packs / "shop/tasks"
    shutil.copytree(packs_folder() / "shop/tasks/slow-product-list", tasks / "slow-product-list")
    for slug, number in (("goods-in-numbers", "1"), ("numbers-again", "2")):
        shutil.copytree(TEMPLATE, tasks / slug)
        file = tasks / slug / "task.toml"
        file.write_text(file.read_text().replace('"TPL1"', f'"TPL{number}"'))
    (packs / "assessments").mkdir()
    (packs / "assessments/three.toml").write_text(THREE)
    monkeypatch.setenv("DJUDGE_PACKS", str(packs))
    return packs


@pytest.fixture
def assessment(packs: Path) -> Assessment:
    return find_assessment(discover(packs), "three")


def lay_out(assessment: Assessment, bundle: Path) -> Path:
    """The expert's answer to the first task, and a file that is no archive for the second."""
    task = assessment.tasks[0]
    for path, content in submission_of_solution(task, "expert").changed.items():
        place = bundle / task.slug / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content or b"")
    (bundle / "SH4.zip").write_bytes(b"no archive")
    (bundle / ".DS_Store").write_bytes(b"")
    return bundle


def test_a_bundle_becomes_one_report_with_the_single_ones_beside_it(
    djudge: Callable[..., Called], assessment: Assessment, tmp_path: Path
) -> None:
    bundle = lay_out(assessment, tmp_path / "bundle")
    out = tmp_path / "out"
    out.mkdir()

    told = djudge("assess", "three", bundle, "--json", out / "all.json", "--html", out / "all.html")

    assert told.status == 0, told.err
    assert "No level indicated; 2 of 14 bullets tested" in told.out
    assert "Meets the guide's minimum (level 2): not enough evidence" in told.out
    document = json.loads((out / "all.json").read_text())
    states = {task["id"]: task["state"] for task in document["tasks"]}
    assert states == {"TPL1": "graded", "SH4": "refused", "TPL2": "not_handed_in"}
    outcomes = {bullet["bullet"]: bullet["outcome"] for bullet in document["bullets"]}
    # Shown in one task, and asked for by others that said nothing of it; nothing at all is known of the third.
    assert (outcomes["models-views-urls"], outcomes["orm-queries"]) == ("partly", "partly")
    assert outcomes["query-optimization"] == "not_tested"
    names = {file.name for file in out.iterdir()}
    assert names == {f"all{task}.{kind}" for task in ("", "-TPL1", "-SH4") for kind in ("json", "html")}
    single = read_report((out / "all-TPL1.json").read_bytes())
    assert single.canonical_sha256 == document["tasks"][0]["canonical_sha256"]
    assert 'href="all-TPL1.html"' in (out / "all.html").read_text()
    again = djudge("rescore", out, "--json", "-")
    assert [Path(each["file"]).name for each in json.loads(again.out)["files"]] == ["all-SH4.json", "all-TPL1.json"]
    refused = read_report((out / "all-SH4.json").read_bytes())
    assert refused.fault is not None
    assert (refused.fault.whose, refused.fault.kind) == ("candidate", "not_an_archive")


def test_a_bundle_says_which_submission_is_of_which_task(assessment: Assessment, tmp_path: Path) -> None:
    bundle = lay_out(assessment, tmp_path / "bundle")
    assert {task: place.name for task, place in submissions_in(bundle, assessment).items()} == {
        "TPL1": "goods-in-numbers",
        "SH4": "SH4.zip",
    }
    (bundle / "numbers-again.zip").write_bytes(b"")
    assert set(submissions_in(bundle, assessment)) == {"TPL1", "SH4", "TPL2"}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("tpl1", "shop/goods-in-numbers is in the bundle twice. Keep one of goods-in-numbers and tpl1."),
        ("slow-products", "slow-products is no task of three. Name folders or zips after its tasks: goods-in-numbers"),
        ("notes.txt", "notes.txt is no task of three"),
    ],
)
def test_a_name_that_could_be_a_slip_of_the_pen_is_refused(
    assessment: Assessment, tmp_path: Path, entry: str, said: str
) -> None:
    bundle = lay_out(assessment, tmp_path / "bundle")
    (bundle / entry).mkdir()
    with pytest.raises(OperatorFault) as refused:
        submissions_in(bundle, assessment)
    assert said in str(refused.value)


def test_an_empty_bundle_and_a_file_are_none(assessment: Assessment, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(OperatorFault, match="nothing of three"):
        submissions_in(tmp_path / "empty", assessment)
    (tmp_path / "one.zip").write_bytes(b"")
    with pytest.raises(OperatorFault, match="is no folder"):
        submissions_in(tmp_path / "one.zip", assessment)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nope", "."], "There is no assessment 'nope'. What to do: There are: three."),
        (["three", "/nowhere"], "There is no /nowhere."),
        (["three", "{bundle}", "--json", "/nowhere/x"], "/nowhere/x can't be written"),
    ],
)
def test_wrong_use_is_told_before_anything_is_graded(
    djudge: Callable[..., Called], assessment: Assessment, tmp_path: Path, arguments: list[str], said: str
) -> None:
    bundle = lay_out(assessment, tmp_path / "bundle")
    told = djudge("assess", *(word.format(bundle=bundle) for word in arguments))
    assert (told.status, told.out) == (2, "")
    assert said in told.err.replace("\n", " ")


def test_assessments_are_listed_with_what_they_leave_out(djudge: Callable[..., Called], assessment: Assessment) -> None:
    told = djudge("assessments")
    assert told.status == 0
    assert "three  Three tasks\n  django-ready · 45 minutes (TPL1 10, SH4 25, TPL2 10)\n" in told.out
    assert "leaves out model-view-template, admin" in told.out
    assert "warning: There is no Python part" in told.err
    (facts,) = json.loads(djudge("assessments", "--json").out)
    assert facts["bullets"] == ["models-views-urls", "orm-queries", "query-optimization"]
