"""An author's code may hang, crash or return anything: the judge gets an answer or a typed error."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from djudge.engine.errors import (
    CandidateFault,
    DjudgeError,
    InfrastructureError,
    OperatorFault,
    SandboxUnavailable,
    SubmissionRefused,
    TaskFault,
)
from djudge.engine.packs.running_trusted import call_with_deadline
from djudge.engine.packs.trusted_child import report_progress
from djudge.engine.values import Json

HERE = Path(__file__).resolve()
AUTHOR = HERE.parent


def call(function: Callable[..., Json], *arguments: object, seconds: float = 10, **options: object) -> Json:
    return call_with_deadline(function, *arguments, seconds=seconds, **({"author": AUTHOR} | options))  # type: ignore[arg-type]


def line_of(text: str) -> int:
    lines = HERE.read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.strip() == text)


def test_a_result_comes_back_as_json() -> None:
    assert call(lambda first, second: {"sum": first + second, "é\ud800": [None, True, 1.5]}, 1, 2) == {
        "sum": 3,
        "é\ud800": [None, True, 1.5],
    }


def test_a_change_that_the_child_makes_stays_in_it() -> None:
    kept: list[Json] = []

    def work() -> Json:
        kept.append(1)
        os.environ["CHANGED"] = "1"
        return list(kept)

    assert call(work) == [1]
    assert kept == []
    assert "CHANGED" not in os.environ


def test_progress_is_told_while_the_work_goes_on() -> None:
    told: list[tuple[str, ...]] = []

    def work() -> Json:
        report_progress("observing", "1 of 2")
        report_progress("observing", "x" * 10_000)
        return len(told)

    assert call(work, on_progress=lambda *words: told.append(words)) == 0
    assert told == [("observing", "1 of 2"), ("observing", "x" * 500)]
    report_progress("in the judge's own process", "this goes nowhere")


@pytest.mark.parametrize(
    "error",
    [
        CandidateFault("It hangs.", "Look.", phase="observing", kind="time_limit", detail="T\x1b", file="a.py", line=3),
        SubmissionRefused("Empty.", "Fill it.", kind="empty", file=None),
        TaskFault("Broken.", "Mend it.", path=Path("/x/task.toml"), line=7),
        OperatorFault("No git.", "Install it."),
        SandboxUnavailable("seccomp", "No seccomp.", "Another kernel."),
        InfrastructureError("The server died.", "Again.", kind="server_died"),
        DjudgeError("Hm.", ""),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_of_the_engine_comes_out_as_it_was_raised(error: DjudgeError) -> None:
    def work() -> Json:
        raise error

    with pytest.raises(type(error)) as caught:
        call(work)
    assert type(caught.value) is type(error)
    assert vars(caught.value) == vars(error)
    assert str(caught.value) == str(error)


def test_a_crash_in_the_authors_code_names_his_line() -> None:
    def work() -> Json:
        return {}["missing"]  # the line

    with pytest.raises(TaskFault, match="KeyError: 'missing'") as caught:
        call(work)
    assert (caught.value.path, caught.value.line) == (HERE, line_of('return {}["missing"]  # the line'))


def test_a_crash_that_never_passed_the_authors_code_is_ours(tmp_path: Path) -> None:
    with pytest.raises(InfrastructureError, match="ZeroDivisionError"):
        call(lambda: 1 // 0, author=tmp_path)


def test_an_author_who_leaves_or_swallows_everything_is_named() -> None:
    with pytest.raises(TaskFault, match="SystemExit: 3"):
        call(lambda: exit(3))
    with pytest.raises(TaskFault, match="left the interpreter"):
        call(lambda: os._exit(0))
    with pytest.raises(TaskFault, match="KeyboardInterrupt"):
        call(lambda: signal.default_int_handler(2, None))


def test_a_crash_of_the_interpreter_names_the_line() -> None:
    def work() -> Json:
        ctypes.string_at(0)  # crashes
        return None

    with pytest.raises(TaskFault, match="SIGSEGV") as caught:
        call(work)
    assert caught.value.line == line_of("ctypes.string_at(0)  # crashes")


def test_code_that_never_ends_is_stopped_at_its_deadline_and_its_line_named() -> None:
    def work() -> Json:
        while True:
            time.sleep(60)  # hangs

    started = time.monotonic()
    with pytest.raises(TaskFault, match=r"within 0\.3 s") as caught:
        call(work, seconds=0.3)
    assert time.monotonic() - started < 10
    assert (caught.value.path, caught.value.line) == (HERE, line_of("time.sleep(60)  # hangs"))


def test_code_that_talks_for_ever_is_stopped_all_the_same() -> None:
    def work() -> Json:
        while True:
            report_progress("still here")

    with pytest.raises(TaskFault, match="did not end"):
        call(work, seconds=0.3)


def test_nothing_that_the_child_started_outlives_it(tmp_path: Path) -> None:
    def start() -> Json:
        child = subprocess.Popen(["sleep", "1000"])
        (tmp_path / "pid").write_text(str(child.pid))
        return child.pid

    def hang() -> Json:
        start()
        time.sleep(1000)
        return None

    assert not alive(int(str(call(start))))
    with pytest.raises(TaskFault):
        call(hang, seconds=0.5)
    assert not alive(int((tmp_path / "pid").read_text()))


def alive(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return False
        if state == "Z":
            return False
        time.sleep(0.02)
    return True


@pytest.mark.parametrize("result", [object(), {1, 2}, float("nan"), float("inf"), b"bytes", {(1, 2): 3}])
def test_what_is_no_plain_json_is_the_authors_fault(result: Json) -> None:
    with pytest.raises(TaskFault, match="no plain JSON"):
        call(lambda: result)


def test_a_result_that_is_nested_without_end_is_the_authors_fault() -> None:
    def work() -> Json:
        nested: list[Json] = []
        nested.append(nested)
        return nested

    with pytest.raises(TaskFault, match="no plain JSON"):
        call(work)


def test_a_result_that_is_too_large_is_refused_and_one_that_fits_is_not() -> None:
    assert call(lambda: "x" * 900_000, max_bytes=1_000_000) == "x" * 900_000
    with pytest.raises(TaskFault, match="1000002 bytes"):
        call(lambda: "x" * 1_000_000, max_bytes=1_000_000)


def test_pure_code_reads_and_computes() -> None:
    assert call(lambda: len(HERE.read_text()) > 0, pure=True) is True
    assert call(lambda: print("to nobody") or 1, pure=True) == 1


def test_pure_code_changes_nothing_outside(tmp_path: Path) -> None:
    forbidden: list[Callable[[], object]] = [
        lambda: (tmp_path / "a").write_text("x"),
        lambda: (tmp_path / "kept").open("r+"),
        lambda: os.open(tmp_path / "a", os.O_CREAT),
        lambda: (tmp_path / "kept").unlink(),
        lambda: (tmp_path / "kept").rename(tmp_path / "b"),
        lambda: (tmp_path / "folder").mkdir(),
        lambda: (tmp_path / "kept").chmod(0),
        lambda: (tmp_path / "l").symlink_to("/"),
        lambda: subprocess.run(["true"]),
        lambda: os.system("true"),
        lambda: os.fork(),
        lambda: os.kill(os.getppid(), 0),
        lambda: socket.socket(),
    ]
    (tmp_path / "kept").write_text("x")
    for work in forbidden:
        with pytest.raises(TaskFault, match="PermissionError: A pure function did"):
            call(lambda work=work: bool(work()), pure=True)
        assert os.listdir(tmp_path) == ["kept"]


def test_pure_code_has_bounded_processor_time_and_memory() -> None:
    def spin() -> Json:
        while True:
            pass

    with pytest.raises(TaskFault, match=r"processor time|did not end"):
        call(spin, seconds=1, pure=True)
    with pytest.raises(TaskFault, match="MemoryError"):
        call(lambda: len(bytearray(3 * 1024**3)), pure=True)


def test_no_descriptor_and_no_zombie_is_left() -> None:
    def failing() -> Json:
        raise TaskFault("x")

    before, children = sorted(os.listdir("/proc/self/fd")), own_children()
    for _ in range(5):
        call(lambda: 1)
        with pytest.raises(TaskFault):
            call(failing)
        with pytest.raises(TaskFault):
            call(lambda: time.sleep(5), seconds=0.01)
    assert sorted(os.listdir("/proc/self/fd")) == before
    assert own_children() == children


def own_children() -> set[int]:
    """Of this process, whoever started them; other tests may keep servers."""
    return {child.pid for child in psutil.Process().children()}


def test_an_interrupt_of_the_judge_stops_the_child(tmp_path: Path) -> None:
    def work() -> Json:
        (tmp_path / "pid").write_text(str(os.getpid()))
        report_progress("ready")
        time.sleep(100)
        return None

    def interrupt(*_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(work, on_progress=interrupt)
    assert not alive(int((tmp_path / "pid").read_text()))
