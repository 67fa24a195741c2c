"""What several people or several runs did, as tables: the words say what was seen, and hostile values fail nothing."""

from __future__ import annotations

from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from djudge.engine.reports.matrices import READERS, Matrix, matrix
from djudge.engine.values import Json
from djudge.guest.values import encode


def told(found: Matrix | None) -> list[list[str]]:
    assert found is not None
    return [[cell.text for cell in row] for row in found.rows]


def racer(*, waited: bool, writes: int = 0, refused: dict[str, Json] | None = None, order: str = "1") -> Json:
    return {
        "status": 302,
        "leads": f"/orders/{order * 8}-0000-4000-8000-000000000000/",
        "waited": waited,
        "writes": writes,
        "refused": refused or {},
    }


def test_buyers_who_did_the_same_are_one_row_with_who_waited_and_who_wrote() -> None:
    race: Json = {
        "kind": "race",
        "held": ["the table of variants"],
        "gathered": 3,
        "racers": [
            racer(waited=True, writes=6, order="a"),
            racer(waited=True, writes=6, order="b"),
            racer(waited=False, refused={"40P01": 1}),
        ],
    }
    found = matrix(race)
    assert told(found) == [
        ["2 alike", "waited", "6 writes", "302 /orders/…/"],
        ["1", "answered without waiting", "wrote nothing, deadlock ×1", "302 /orders/…/"],
    ]
    assert found is not None
    assert "the table of variants" in found.head[1]
    assert [cell.look for cell in found.rows[1]] == ["", "faint", "ringed", ""]


def test_every_door_is_a_row_and_everybody_a_column() -> None:
    attempts: list[Json] = [
        {"door": "page", "whose": "foreign", "person": "otto", "status": 404, "told": [], "changed": False},
        {"door": "page", "whose": "foreign", "person": "bo", "status": 200, "told": [0], "changed": True},
        {"door": "export", "whose": "all", "person": "bo", "status": 403, "told": [], "changed": False},
    ]
    found = matrix({"kind": "access", "attempts": attempts})
    assert told(found) == [["page · foreign", "404", "200, told, changed"], ["export · all", "–", "403"]]


def test_a_broken_implementation_that_passed_is_ringed_and_one_that_was_noticed_is_not() -> None:
    suite: Json = {
        "kind": "suite",
        "right": [{"name": "plain", "ran": 4, "failed": 0, "errors": 0, "left": ""}],
        "broken": [
            {"name": "cents cut off", "ran": 4, "failed": 0, "errors": 0, "left": ""},
            {"name": "a day too long", "ran": 4, "failed": 1, "errors": 1, "left": ""},
            {"name": "no end", "ran": 0, "failed": 0, "errors": 0, "left": "time_limit"},
        ],
    }
    found = matrix(suite)
    assert [row[2] for row in told(found)] == [
        "all 4 passed",
        "not noticed: all 4 passed",
        "noticed: 2 of 4 failed",
        "never came to an end (time_limit)",
    ]
    assert found is not None
    assert [row[2].look for row in found.rows] == ["strong", "ringed", "strong", "ringed"]


def test_calls_are_written_as_calls() -> None:
    use: Json = {
        "of": "sleep",
        "method": "__call__",
        "args": encode((2.5,), str),
        "kwargs": encode({"why": "retry"}, str),
    }
    other: Json = {"of": "client", "method": "get", "args": encode(("/a", None), str), "kwargs": encode({}, str)}
    assert told(matrix({"kind": "uses", "uses": [use, other]})) == [
        ["1", "sleep(2.5, why=retry)"],
        ["2", "client.get(/a, None)"],
    ]


def test_counts_that_grow_are_strong() -> None:
    found = matrix({"kind": "counts", "counts": {"list": [6, 6], "export": [4, 39]}})
    assert told(found) == [["list", "6 → 6"], ["export", "4 → 39"]]
    assert found is not None
    assert [row[1].look for row in found.rows] == ["", "strong"]


def test_other_kinds_have_no_matrix() -> None:
    assert matrix({"kind": "growth", "axes": []}) is None
    assert matrix([]) is None
    assert matrix({"kind": ["race"]}) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = ("racers", "held", "attempts", "steps", "counts", "uses", "right", "broken", "gathered")


@given(kind=st.sampled_from(sorted(READERS)), rest=st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4))
def test_whatever_a_probe_of_another_version_stored_fails_nothing(kind: str, rest: dict[str, Json]) -> None:
    found = matrix({**rest, "kind": kind})
    assert found is not None
    assert {field.name for field in fields(found)} >= {"caption", "head", "rows"}
    assert all(isinstance(cell.text, str) for row in found.rows for cell in row)
