"""Interview questions come from measurements, are always three, and accuse nobody."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from djudge.engine.scoring.measurements import brief, groups_of, growth_of
from djudge.engine.scoring.model import Scored
from djudge.engine.scoring.questions import Asked, choose_questions
from djudge.engine.values import Finding, Integrity, Json, Observations, Outcome, Place


@dataclass(frozen=True)
class Check:
    id: str
    title: str = "Statements don't grow"
    asks: str = "Do statements stay the same?"
    bullet: str | None = "query-optimization"
    gate: bool = False


def scored(outcome: Outcome, check: Check | None = None, places: tuple[Place, ...] = ()) -> Scored:
    check = check or Check("flat")
    finding = Finding(
        check=check.id,
        outcome=outcome,
        measured="74 statements",
        expected="at most 5",
        candidate="",
        recruiter="",
        evidence=("growth",),
        places=places,
    )
    return Scored(check=check, finding=finding, outcome=outcome)


def growth(*executions: int, rows: int = 10, count: int = 1) -> Observations:
    points: list[Json] = [
        {"n": 6 * number, "executions": each, "rows": rows} for number, each in enumerate(executions, 1)
    ]
    observation: Json = {
        "kind": "growth",
        "target": "/products/",
        "axes": [{"axis": "products", "points": points}],
        "groups": [{"shape": "SELECT image", "count": count, "rows": 1}],
    }
    return Observations(seen={"growth": observation})


def asked(one: Scored, observed: Observations, budget: Observations | None = None, **others) -> Asked:
    return Asked(scored=[one], observations=observed, budget={"expert": budget} if budget else {}, **others)


def test_a_loop_is_asked_about_with_its_own_figures() -> None:
    questions = choose_questions(asked(scored(Outcome.NOT_SHOWN), growth(20, 38, 74, count=24), growth(4, 4, 4)))

    assert "20 statements with 6 products and 74 with 18" in questions[0].text
    assert "24 times" in questions[1].text
    assert questions[1].because == "×24 SELECT image"


def test_a_page_that_grows_as_the_reference_does_is_not_asked_why_it_grows() -> None:
    questions = choose_questions(asked(scored(Outcome.PARTLY), growth(4, 8, 12), growth(4, 8, 12)))
    assert not any("asks for more each time" in question.text for question in questions)


def test_a_good_solution_is_asked_for_its_trade_offs_and_its_lines() -> None:
    one = scored(Outcome.SHOWN, places=(Place(file="catalog/views.py", line=16),))

    questions = choose_questions(asked(one, growth(4, 4, 4), growth(4, 4, 4), files=["catalog/views.py"]))

    assert "What does each of them fetch" in questions[0].text
    assert "catalog/views.py, line 16" in questions[1].text


def test_many_rows_are_asked_about_even_when_statements_are_few() -> None:
    questions = choose_questions(asked(scored(Outcome.SHOWN), growth(4, 4, rows=9_000), growth(4, 4, rows=100)))
    assert any("9000 rows" in question.text for question in questions)


def test_code_that_stopped_is_asked_about_first_and_gaps_are_not() -> None:
    questions = choose_questions(asked(scored(Outcome.NOT_SHOWN), Observations(), fault="It could not be imported."))
    assert questions[0].because == "It could not be imported."
    assert not any("Do statements stay the same?" in question.text for question in questions)


def test_a_broken_gate_comes_before_what_it_lowered() -> None:
    gate = scored(Outcome.NOT_SHOWN, Check("same", title="The page is the same", bullet=None, gate=True))
    questions = choose_questions(asked(gate, growth(1, 1)))
    assert questions[0].check == "same"


def test_an_integrity_finding_is_asked_with_its_innocent_explanation() -> None:
    odd = Integrity(kind="counter-gap", what="1,200 rows more", innocent="a cursor closed early")
    questions = choose_questions(asked(scored(Outcome.SHOWN), growth(4, 4), integrity=[odd]))
    assert questions[0].because == "1,200 rows more"
    assert "a cursor closed early" in questions[0].listen_for


def test_the_untouched_start_is_no_reference() -> None:
    one = asked(scored(Outcome.NOT_SHOWN), growth(20, 74))
    with_start = replace(one, budget={"expert": growth(4, 4), "start": growth(98, 500)})
    assert "asks for more each time" in choose_questions(with_start)[0].text


def test_the_steps_of_one_cursor_are_not_repeats() -> None:
    observation: Json = {"groups": [{"shape": shape, "count": 15} for shape in ("FETCH ?", "SELECT brand")]}
    assert {group.shape: group.repeated for group in groups_of(observation)} == {"FETCH ?": False, "SELECT brand": True}


def test_a_statement_is_told_without_its_columns() -> None:
    columns = ", ".join(f'"product"."column_{number}"' for number in range(9))
    assert brief(f'SELECT {columns} FROM "product" WHERE "id" = ?') == 'SELECT … FROM "product" WHERE "id" = ?'
    assert brief(f'DECLARE ? CURSOR FOR SELECT {columns} FROM "tag"') == 'DECLARE ? CURSOR FOR SELECT … FROM "tag"'
    for whole in ("SELECT COUNT(*) FROM product", "FETCH", 'SELECT "id" FROM "tag"'):
        assert brief(whole) == whole


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "axes", "axis", "points", "n", "executions", "groups", "shape", "count", "plan"]),
            inner | st.just("growth"),
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON, st.sampled_from(list(Outcome)), st.text(max_size=20))
def test_there_are_three_different_questions_whatever_was_observed(value, outcome, text) -> None:
    observed = Observations(seen={"growth": {"kind": "growth", "axes": value, "groups": value}})
    one = scored(outcome, places=(Place(file=text, line=1),))

    questions = choose_questions(asked(one, observed, observed, files=[text]))

    assert len({question.text for question in questions}) == 3
    assert choose_questions(asked(one, observed, observed, files=[text])) == questions


@given(JSON)
def test_measurements_are_read_leniently(value) -> None:
    growth_of(value)
    assert all(group.count >= 0 for group in groups_of(value))
