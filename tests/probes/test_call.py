"""Calls in a slot: with Django on a clone of the task's data, and in a pack of plain Python without any server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.probes.conftest import RunOf, silent

from djudge.engine.calling import HOLD, Named, must, raising
from djudge.engine.cli.library import named_task
from djudge.engine.errors import CandidateFault, InfrastructureError, TaskFault
from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import submission_of_solution
from djudge.engine.packs.task_checks import UNTOUCHED
from djudge.engine.probes import call
from djudge.engine.run import Run
from djudge.engine.slot import Slot

ADAPTER = """
def brands(note):
    from catalogue.models import Brand
    note(Brand._meta.label)
    return list(Brand.objects.filter(slug="drawn").values_list("name", flat=True))
"""


def test_an_adapter_is_called_where_django_is_set_up_on_the_tasks_data(run_of: RunOf) -> None:
    with run_of({"catalogue/adapter.py": ADAPTER}).caller() as caller:
        note = caller.function("note")
        assert caller.call(Named("catalogue.adapter:brands"), note).value == []
        with caller.arrange() as connection:
            connection.execute("insert into catalogue_brand (name, slug) values ('Drawn', 'drawn')")
        assert caller.call(Named("catalogue.adapter:brands"), note).value == ["Drawn"]
        noted = call.Uses.parse(call.uses(caller))
        assert [use.args for use in noted.of("note")] == [("catalogue.Brand",)] * 2
        assert noted.order == ("note", "note")


def test_settings_that_do_not_work_are_the_candidates_fault_before_anything_is_called(run_of: RunOf) -> None:
    with pytest.raises(CandidateFault) as caught, run_of({"stallhouse/settings.py": "raise KeyError(1)"}).caller():
        pass
    assert (caught.value.phase, caught.value.kind) == ("starting", "settings_error")


@pytest.fixture(scope="module")
def retry_task() -> Task:
    return named_task("PY1")


@pytest.fixture(scope="module")
def plain_run(retry_task: Task) -> Iterator[Run]:
    with Slot(retry_task.pack) as slot:
        submission = submission_of_solution(retry_task, UNTOUCHED)
        with pytest.raises(InfrastructureError, match="not opened"):
            slot.run(retry_task, submission, local_seed(retry_task), silent)
        slot.open(retry_task, local_seed(retry_task), silent)
        assert slot.environment(retry_task, local_seed(retry_task)).postgres == ""
        slot.prove_sound()
        yield slot.run(retry_task, submission, local_seed(retry_task), silent)


def test_plain_python_is_called_without_a_server_and_serves_nothing(plain_run: Run) -> None:
    with plain_run.caller() as caller:
        assert caller.call(Named("toolbelt.batches:batches"), [1, 2, 3], 2).raised is None
        batches = must(caller.call(Named("toolbelt.batches:batches"), [1, 2, 3], 2), "batches")
        assert caller.steps(batches, 9).items == ([1, 2], [3])
        assert caller.named("django").raised_type == "builtins.ModuleNotFoundError"
        assert caller.named("psycopg").raised_type == "builtins.ModuleNotFoundError"
        with pytest.raises(TaskFault, match="no database"), caller.arrange():
            pass
    with pytest.raises(TaskFault, match="caller"), plain_run.guest():
        pass


def test_answers_are_read_as_they_were_stored_and_only_exact_values_are_equal(plain_run: Run) -> None:
    with plain_run.caller() as caller:
        clock = call.Clock(100.0)
        now, sleep = caller.function("now", clock.read), caller.function("sleep", clock.sleep)
        steps = call.script(raising("builtins:KeyError", "drawn"), HOLD)
        failing = caller.function("failing", steps, is_async=True)
        for asked in (5, True, -3, "x"):
            caller.call(sleep, asked)
        assert call.Answer.parse(call.answer(caller.call(now))).returned(105.0)
        failed = call.Answer.parse(call.answer(caller.call(failing, is_async=True)))
        assert failed.raised_with("builtins.KeyError", "drawn")
        assert not failed.returned(None)
        assert not failed.raised_with("builtins.KeyError", "other")
        one = call.Answer.parse(call.answer(caller.call(Named("operator:pos"), 1)))
        assert one.returned(1)
        assert not one.returned(True)
        assert not one.returned(1.0)
        opaque = call.Answer.parse(call.answer(caller.call(Named("builtins:object"))))
        assert not opaque.returned("builtins.object")
        stored = call.Uses.parse(call.uses(caller, [sleep]))
        assert [use.args for use in stored.all] == [(5,), (True,), (-3,), ("x",)]
        for wrong in (None, [], {"kind": "uses"}, {"value": {"pickle": ""}}):
            with pytest.raises(ValueError, match=r"stored|unknown"):
                (call.Answer.parse(wrong), call.Uses.parse(wrong))
