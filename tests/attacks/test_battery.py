"""Every attack of the battery is refused, for its reason, and is shown to be real by its control."""

from collections.abc import Iterator

import pytest

from tests.attacks.__main__ import judge
from tests.attacks.battery import IDS, Case, Field, cases

#: The cases that the first round must hold (ATTACKS.md and the issue).
REQUIRED = ["A01", "A04", "A08", "A09", "B01", "B03", "C01", "E01", "E02", "E03", "E05", "E08", "F01", "F04"]


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


def test_no_required_attack_is_missing() -> None:
    assert set(REQUIRED) <= {case.id for case in cases()}
    assert all(IDS.fullmatch(f"{case.id}_{case.name.replace(' ', '_')}") for case in cases())
