"""The result document: complete, frozen, the same byte for byte, and read back with care."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.reports import sample_reports
from tests.reports.sample_reports import ALL, broken, good, hostile, junior, ours, report

from djudge.engine.errors import CandidateFault, InfrastructureError, OperatorFault, SubmissionRefused, TaskFault
from djudge.engine.reports.assembling import candidate_view, fault_of
from djudge.engine.reports.bounded import DEPTH, TOO_DEEP, bounded
from djudge.engine.reports.canonical import canonical, digest
from djudge.engine.reports.document import Report
from djudge.engine.reports.reading import MOST_BYTES, read_report
from djudge.engine.reports.schema import SCHEMAS, schema_text
from djudge.engine.reports.timing import Stopwatch
from djudge.engine.values import Outcome


@pytest.mark.parametrize("name", ALL)
def test_a_report_survives_being_stored_and_read_back(name: str) -> None:
    made = ALL[name]()
    again = read_report(made.to_json().encode())
    assert again == made
    assert digest(again) == made.canonical_sha256
    assert read_report(made.model_dump_json().encode()) == made


@pytest.mark.parametrize("name", ALL)
def test_a_stored_report_is_ascii_without_a_control_character(name: str) -> None:
    stored = ALL[name]().to_json()
    assert stored.isascii()
    assert all(character >= " " or character == "\n" for character in stored)
    assert "\\u0000" not in stored
    assert "\\ud800" not in stored.replace("\\\\ud800", "")


def test_a_report_can_not_be_changed() -> None:
    made = good()
    with pytest.raises(ValidationError):
        made.headline.text = "3 of 3 bullets shown"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        made.task = made.task  # type: ignore[misc]


def test_the_canonical_bytes_leave_out_time_host_and_order() -> None:
    made = junior()
    run = made.run.model_copy(
        update={
            "started_at": datetime(2031, 1, 1, tzinfo=UTC) + timedelta(hours=7),
            "durations": {"observing": 99_999},
            "host": "elsewhere",
        }
    )
    other = made.model_copy(
        update={"run": run, "djudge": "9.9", "phases": (), "findings": tuple(reversed(made.findings))}
    )
    assert canonical(other) == canonical(made)


def test_the_canonical_bytes_change_with_an_outcome_a_figure_a_count_or_the_environment() -> None:
    made = junior()
    first = made.findings[0]
    changed = [
        made.model_copy(
            update={"findings": (first.model_copy(update={"outcome": Outcome.NOT_SHOWN}), *made.findings[1:])}
        ),
        made.model_copy(update={"findings": (first.model_copy(update={"measured": "23"}), *made.findings[1:])}),
        made.model_copy(update={"environment": made.environment.model_copy(update={"seed": "1"})}),
        made.model_copy(update={"isolated": False}),
        good(),
    ]
    assert canonical(made) not in [canonical(each) for each in changed]


def test_names_that_django_makes_from_a_thread_are_not_in_the_canonical_bytes() -> None:
    def with_savepoint(thread: int) -> Report:
        made = junior()
        seen = json.loads(json.dumps(made.observations.seen))
        seen["growth"]["groups"][0]["shape"] = f'SAVEPOINT "s{thread}_x1"'
        seen["growth"]["groups"][1]["shape"] = f'DECLARE "_django_curs_{thread}_sync_1" CURSOR FOR SELECT ?'
        observations = made.observations.model_copy(update={"seen": seen})
        return made.model_copy(update={"observations": observations})

    assert canonical(with_savepoint(140231005)) == canonical(with_savepoint(139887))
    assert canonical(with_savepoint(140231005)) != canonical(junior())


def test_that_there_is_a_gap_is_in_the_canonical_bytes_and_its_size_is_not() -> None:
    def with_gap(rows: int) -> Report:
        made = junior()
        seen = json.loads(json.dumps(made.observations.seen))
        seen["growth"]["axes"][0]["points"][0]["gap"] = rows
        return made.model_copy(update={"observations": made.observations.model_copy(update={"seen": seen})})

    assert canonical(with_gap(8922)) == canonical(with_gap(8913))
    assert canonical(with_gap(8922)) != canonical(with_gap(0))


def test_what_the_guest_says_is_not_in_the_canonical_bytes() -> None:
    text = canonical(sample_reports.fast_but_empty()).decode()
    assert "optimised=True" not in text
    assert "Traceback" not in canonical(broken()).decode()
    assert "Copper kettle" not in canonical(good()).decode()


def test_a_candidates_fault_shows_nothing_and_says_where_and_what_to_do() -> None:
    made = broken()
    assert made.fault is not None
    assert (made.fault.whose, made.fault.phase, made.fault.file, made.fault.line) == (
        "candidate",
        "starting",
        "catalog/views.py",
        1,
    )
    assert {finding.outcome for finding in made.findings} == {Outcome.NOT_SHOWN}
    assert made.headline.text == "It did not run"


def test_a_fault_of_ours_costs_the_candidate_nothing() -> None:
    made = ours()
    assert {finding.outcome for finding in made.findings} == {Outcome.INFRASTRUCTURE_ERROR}
    assert made.headline.tested == made.headline.not_shown == 0
    assert made.fault is not None
    assert made.fault.kind == "server_died"


def test_a_refused_submission_and_a_broken_task_leave_everything_untested() -> None:
    for fault in (SubmissionRefused("It is empty.", kind="empty"), TaskFault("judge.py fails.")):
        made = report(fault=fault)
        assert {finding.outcome for finding in made.findings} == {Outcome.NOT_TESTED}


def test_every_error_of_the_engine_can_be_told_as_facts() -> None:
    assert fault_of(CandidateFault("w", "c", phase="migrating", kind="time_limit")).phase == "migrating"
    assert fault_of(OperatorFault("w"), "starting").kind == "operator_error"
    assert fault_of(TaskFault("w")).whose == "task_author"
    assert fault_of(InfrastructureError("w", kind="disk_full")).kind == "disk_full"


def test_the_candidate_reads_the_findings_and_nothing_that_gives_the_checks_away() -> None:
    whole, view = junior(), candidate_view(junior())

    assert view.findings == whole.findings
    assert view.bullets == whole.bullets
    assert view.submission == whole.submission
    assert view.canonical_sha256 == whole.canonical_sha256
    stored = view.to_json()
    for hidden in ("catalog_image", "Copper kettle", whole.environment.seed, whole.environment.pack_digest):
        assert hidden in whole.to_json()
        assert hidden not in stored
    assert view.questions == ()
    assert view.budget == {}


def test_a_judgement_that_leaves_a_check_out_is_no_report() -> None:
    with pytest.raises(TaskFault, match="without an answer"):
        report()


def test_the_committed_schema_is_the_documents() -> None:
    for file, model in SCHEMAS.items():
        assert file.read_text(encoding="utf-8") == schema_text(model), "run python -m djudge.engine.reports.schema"


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.name)
def test_the_reference_page_explains_every_field_of_the_document(file: Path) -> None:
    name = file.name.replace(".schema.json", ".md")
    # An assessment's page leaves what the single reports have too to theirs.
    pages = {name, "report-1.md"}
    page = "".join(file.with_name(each).read_text(encoding="utf-8") for each in pages)
    schema = json.loads(schema_text(SCHEMAS[file]))
    fields = {field for each in [schema, *schema["$defs"].values()] for field in each.get("properties", {})}
    assert [field for field in sorted(fields) if f"`{field}`" not in page] == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Expecting value"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a": 1, "a": 2}', "occurs twice"),
        (b'{"schema_version": NaN}', "NaN is not JSON"),
        (b'{"schema_version": 2}', "schema_version"),
        (b"[]", "the document"),
        (b'{"n": ' + b"9" * 10_000 + b"}", "digits"),
        (b" " * (MOST_BYTES + 1), "larger than 32 MB"),
    ],
)
def test_what_is_not_a_report_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(OperatorFault, match=why):
        read_report(content)


def test_a_report_with_an_unknown_field_is_refused() -> None:
    stored = json.loads(good().to_json())
    assert read_report(json.dumps(stored).encode())
    stored["level"] = 3
    with pytest.raises(OperatorFault, match="level"):
        read_report(json.dumps(stored).encode())


def test_deep_wide_and_strange_observations_are_cut_down_and_say_so() -> None:
    deep: object = 1
    for _ in range(5_000):
        deep = {"in": deep}
    whole = bounded({"deep": deep, "nan": float("nan"), "huge": 10**5_000, "odd": object(), 7: b"x"})
    text = json.dumps(whole, allow_nan=False, ensure_ascii=False)
    assert TOO_DEEP in text
    assert text.count("in") < DEPTH + 20
    assert isinstance(whole, dict)
    assert whole["nan"] == "nan"
    assert whole["odd"] == "a value of type object"
    assert whole["7"] == "a value of type bytes"


def test_ordinary_observations_are_stored_as_they_are() -> None:
    assert good().observations.seen["growth"] == sample_reports.FLAT


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(), max_size=5), inner, max_size=4)
    ),
    max_leaves=30,
)


@given(JSON)
def test_bounding_twice_changes_nothing_more(value: object) -> None:
    once = bounded(value)
    assert bounded(once) == once
    json.dumps(once, allow_nan=False).encode()


def test_the_stopwatch_tells_on_and_names_the_phase_that_failed() -> None:
    told: list[tuple[str, str]] = []
    watch = Stopwatch(lambda phase, what: told.append((phase, what)))
    watch("starting", "")
    watch("observing", "1 of 2")
    watch("observing", "2 of 2")

    assert told[-1] == ("observing", "2 of 2")
    assert [(each.name, each.outcome) for each in watch.phases(failed=True)] == [
        ("starting", "done"),
        ("observing", "failed"),
    ]
    run = watch.run()
    assert set(run.durations) == {"starting", "observing"}
    assert run.started_at.tzinfo is not None


def test_two_hostile_reports_are_the_same_report() -> None:
    assert canonical(hostile()) == canonical(hostile())
