"""A guest that dies in each phase: the report says when and how, and the slot is as good as new."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping

import psutil
import pytest
from tests.faults.conftest import START, TASK, after, changed, graded, keeper, solution

from djudge.engine.errors import CandidateFault
from djudge.engine.packs.seeds import local_seed
from djudge.engine.run import Run
from djudge.engine.sandbox.contract import Limits
from djudge.engine.slot import Slot
from djudge.engine.values import Outcome

SETTINGS, APPS, VIEWS = "stallhouse/settings.py", "catalogue/apps.py", "catalogue/views.py"
LIST = "/products/"

#: What never ends is given up sooner than in an exam.
SOON = dataclasses.replace(TASK, limits=Limits(request_seconds=4.0, wall_seconds=15.0))

MIGRATION = """
import os
from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [('catalogue', '0001_initial')]
    operations = [migrations.RunPython(lambda apps, editor: {code})]
"""


def migration(code: str, name: str = "0099_mine") -> dict[str, bytes]:
    return {f"catalogue/migrations/{name}.py": MIGRATION.format(code=code).encode()}


def view(*lines: str) -> dict[str, bytes]:
    """The shop with another product list."""
    return after(VIEWS, "\n".join(["def product_list(request):", *(f"    {line}" for line in lines)]))


def sized(*lines: str) -> dict[str, bytes]:
    """A view that answers by the generator `pieces`."""
    return view(
        "import os, time",
        "from django.http import StreamingHttpResponse",
        "def pieces():",
        *(f"    {line}" for line in lines),
        "return StreamingHttpResponse(pieces())",
    )


@pytest.fixture(scope="module")
def shared() -> Iterator[Slot]:
    """One slot for all of them: what one leaves behind would meet the next."""
    with Slot(TASK.pack) as opened:
        yield opened


LEAVE = "os._exit(3)"


@pytest.mark.parametrize(
    ("files", "phase", "kind", "what"),
    [
        pytest.param(
            after(SETTINGS, f"import os; {LEAVE}"), "starting", "died", "ended by itself", id="in the settings"
        ),
        pytest.param(
            {"catalogue/models.py": START["catalogue/models.py"] + f"\nimport os\n{LEAVE}\n".encode()},
            "starting", "died", "ended by itself", id="in the models",
        ),
        pytest.param(
            after(APPS, f"import os\nCatalogueConfig.ready = lambda self: {LEAVE}"),
            "starting", "died", "ended by itself", id="in AppConfig.ready",
        ),
        pytest.param(migration(LEAVE), "migrating", "died", "ended by itself", id="in a migration"),
        pytest.param(
            migration("__import__('time').sleep(100)"), "migrating", "time_limit", "longer than", id="endless migration"
        ),
        pytest.param(
            migration("None", "0098_one") | migration("None", "0099_two"),
            "migrating", "migration_error", "leaf nodes", id="two leaf nodes",
        ),
        pytest.param(
            sized("yield b'<p>half'", LEAVE), "observing", "died", "It was asked for /products/", id="after half a body"
        ),
        pytest.param(
            sized("yield b''", LEAVE), "observing", "died", "It was asked for /products/", id="after the headers"
        ),
        pytest.param(
            sized("yield b'<p>half'", "time.sleep(100)"), "observing", "time_limit", "in time", id="a body without end"
        ),
        pytest.param(
            sized("yield b'<p>half'", "raise ValueError('half')"), "observing", "bad_answer", "broke off",
            id="an error after half a body",
        ),
        pytest.param(
            sized("while True: yield b'x' * 65536"), "observing", "response_limit", "more than", id="megabytes"
        ),
        pytest.param(
            view("return 'no response'"), "observing", "bad_answer", "status 500", id="what is no response"
        ),
        pytest.param(
            view(
                "from django.http import HttpResponse", "r = HttpResponse('x')", "r.status_code = 99", "return r"
            ),
            "observing", "protocol", "", id="not HTTP",
        ),
    ],
)  # fmt: skip
def test_what_dies_or_goes_wrong_is_told_with_its_phase_and_scores_nothing(
    shared: Slot, files: Mapping[str, bytes], phase: str, kind: str, what: str
) -> None:
    report = graded(shared, changed(files), lambda *_: None, SOON)
    assert report.fault is not None
    assert (report.fault.whose, report.fault.phase, report.fault.kind) == ("candidate", phase, kind)
    assert what in report.fault.what
    assert {finding.outcome for finding in report.findings} <= {Outcome.NOT_SHOWN, Outcome.NOT_TESTED}


def test_afterwards_the_slot_is_as_good_as_new(shared: Slot, undisturbed: str) -> None:
    graded(shared, changed(migration(LEAVE)), lambda *_: None)
    assert graded(shared, solution(), lambda *_: None).canonical_sha256 == undisturbed


# From here on the guest is killed from outside, at a moment that its own code does not choose.


@pytest.fixture
def run(shared: Slot) -> Run:
    """In a fresh zygote: what is killed below takes guests along that wait to be used."""
    seed = local_seed(TASK)
    shared.discard()
    shared.open(TASK, seed, lambda *_: None)
    return shared.run(TASK, solution(), seed, lambda *_: None)


def kill_guest(slot: Slot) -> None:
    """The first process of each guest, started or waiting: its supervisor's only child."""
    (zygote,) = keeper(slot).children()
    guests = [guest for supervisor in zygote.children() for guest in supervisor.children()]
    for guest in guests:
        guest.kill()
    psutil.wait_procs(guests, timeout=5)
    assert guests


def ask_a_dead_one(shared: Slot, run: Run, *, first: bool) -> None:
    with run.guest() as guest:
        if not first:
            assert guest.get(LIST).answer.status == 200
        kill_guest(shared)
        guest.get(LIST)


@pytest.mark.parametrize("first", [True, False], ids=["before the first request", "between two requests"])
def test_a_dead_guest_does_not_answer(shared: Slot, run: Run, first: bool) -> None:
    with pytest.raises(CandidateFault) as caught:
        ask_a_dead_one(shared, run, first=first)
    assert (caught.value.phase, caught.value.kind) == ("observing", "died")


def test_dead_while_the_judge_arranges_its_changes_hold(shared: Slot, run: Run) -> None:
    with run.guest() as guest:
        guest.get(LIST)
        with guest.arrange() as connection:
            kill_guest(shared)
            connection.execute("UPDATE catalogue_product SET name = 'renamed'")
            assert connection.execute("SELECT count(DISTINCT name) FROM catalogue_product").fetchone() == (1,)
        assert guest.finish().audit.gap == 0


@pytest.mark.parametrize("kill", [kill_guest, lambda slot: None], ids=["dead after its last answer", "alive"])
def test_what_it_did_before_it_died_is_measured(shared: Slot, run: Run, kill: Callable[[Slot], None]) -> None:
    """What PostgreSQL saw stands, and nothing is missing: the same as of one that was ended by the judge."""
    with run.guest() as guest:
        visit = guest.get(LIST)
        kill(shared)
        finished = guest.finish()
    assert visit.reading.executions > 0
    assert visit.reading.unmeasured == 0
    assert finished.audit.gap == 0


def test_a_guest_that_leaves_by_itself_after_its_answer_is_measured_all_the_same(
    shared: Slot, undisturbed: str
) -> None:
    """Nothing is asked of it any more; what it does about its end earns and costs nothing."""
    leaving = "import os, threading\nthreading.Timer(0.4, lambda: os._exit(0)).start()"
    files = {path: content for path, content in solution().changed.items() if content is not None}
    files[VIEWS] = files.get(VIEWS, START[VIEWS]) + f"\n\n{leaving}\n".encode()
    report = graded(shared, changed(files), lambda *_: None)
    assert report.fault is None or report.fault.kind == "died"
    assert graded(shared, solution(), lambda *_: None).canonical_sha256 == undisturbed
