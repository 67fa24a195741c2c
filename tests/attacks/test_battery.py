"""Every attack of the battery is refused, for its reason, and is shown to be real by its control."""

from collections.abc import Iterator

import pytest

from tests.attacks.__main__ import judge
from tests.attacks.battery import FOLDER, IDS, Case, Field, all_ids, cases, unbuilt

#: So many cases there are at least: one that is no longer found would not fail.
LEAST = 110


@pytest.fixture(scope="module")
def field() -> Iterator[Field]:
    with Field() as field:
        yield field


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.id} {case.name}")
def test_the_attack_is_refused_for_its_reason_and_leaves_nothing(case: Case, field: Field) -> None:
    if case.needs_root and field.identity is None:
        pytest.skip("only a judge who is root can be asked")
    succeeded, complaint = judge(case, field)
    assert not succeeded, complaint
    assert not complaint


def test_every_id_has_a_case_or_a_reason_why_there_is_none() -> None:
    reasons = {one.id for one in unbuilt() if one.reason}
    built = {case.id for case in cases()}
    assert sorted(built | reasons) == all_ids()
    assert len(cases()) >= LEAST


def test_every_folder_is_a_case_or_says_why_there_is_none() -> None:
    folders = {folder.name for folder in FOLDER.iterdir() if folder.is_dir() and folder.name != "__pycache__"}
    assert all(map(IDS.fullmatch, folders))
    assert len(folders) == len(cases()) + len(unbuilt())
