"""Everything that was started ends: when it is told to, when somebody above it dies, and when the judge dies."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from tests.sandbox.conftest import LIMITS, USER, WSGI, project, stands_ready, start_code

from djudge.engine.errors import CandidateFault, InfrastructureError
from djudge.engine.sandbox.contract import Request
from djudge.engine.sandbox.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
FAMILY = """
    import os, time
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            time.sleep(60)
    print("family", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def own(environment: Path):
    """A sandbox that a test may break."""
    with Sandbox(environment=environment, identity=USER) as sandbox:
        sandbox.start()
        yield sandbox


def keeper_of(sandbox: Sandbox) -> psutil.Process:
    return psutil.Process(sandbox._zygote._process.pid)  # type: ignore[union-attr]


def below(sandbox: Sandbox, count: int) -> list[psutil.Process]:
    """Zygote, supervisor, guest and its children, once there are that many; jails that wait are left out."""
    return below_process(keeper_of(sandbox), count)


def below_process(process: psutil.Process, count: int) -> list[psutil.Process]:
    """What works below a process, once there is so much of it."""
    deadline = time.monotonic() + 5
    while len(found := at_work(process)) < count and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(found) == count
    return found


def at_work(process: psutil.Process) -> list[psutil.Process]:
    return [one for one in process.children(recursive=True) if not stands_ready(one)]


def assert_gone(processes: list[psutil.Process], seconds: float = 3) -> None:
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    assert not [one for one in alive if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_stop_ends_the_guest_with_its_children_before_it_returns(own: Sandbox) -> None:
    guest = start_code(own, FAMILY)
    guest.ready()
    family = below(own, 6)
    ending = guest.stop()
    assert guest.stop() is ending
    assert ending.reason == "stopped"
    assert_gone(family[1:], 0.2)
    assert family[0].is_running()


def test_closing_the_sandbox_ends_every_guest(own: Sandbox) -> None:
    guests = [start_code(own, FAMILY), start_code(own, FAMILY)]
    for guest in guests:
        guest.ready()
    below(own, 11)
    family = keeper_of(own).children(recursive=True)
    own.close()
    assert_gone(family, 0.2)
    for guest in guests:
        with pytest.raises(InfrastructureError):
            guest.stop()


def test_a_guest_that_everybody_forgot_ends(own: Sandbox) -> None:
    guest = start_code(own, FAMILY)
    guest.ready()
    family = below(own, 6)
    guest._exchange.close()
    guest._report._channel.close()
    assert_gone(family[1:])


def test_when_the_judge_is_killed_nothing_is_left(environment: Path) -> None:
    code = textwrap.dedent(f"""
        import sys, time
        from pathlib import Path
        from tests.sandbox.conftest import *
        from tests.sandbox.test_lifetimes import FAMILY
        sandbox = Sandbox(environment=Path({str(environment)!r}), identity=USER)
        guest = start_code(sandbox, FAMILY)
        guest.ready()
        print("ready", flush=True)
        time.sleep(60)
    """)
    judge = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT)
    with judge:
        assert judge.stdout is not None
        assert judge.stdout.readline() == b"ready\n"
        below_process(psutil.Process(judge.pid), 7)
        family = psutil.Process(judge.pid).children(recursive=True)
        judge.send_signal(signal.SIGKILL)
    assert_gone(family)


def test_when_a_supervisor_is_killed_its_guest_goes_and_it_is_our_fault(own: Sandbox) -> None:
    with start_code(own, FAMILY) as guest:
        guest.ready()
        zygote, supervisor, *family = below(own, 6)
        assert supervisor.ppid() == zygote.pid
        supervisor.kill()
        with pytest.raises(InfrastructureError, match="supervisor") as caught:
            guest.wait()
        assert caught.value.kind == "supervisor_died"
        assert_gone([supervisor, *family])
    with start_code(own, "print('fine')") as guest:
        assert guest.wait().output == b"fine\n"


def test_when_the_zygote_is_killed_its_guests_go_and_another_is_started(own: Sandbox) -> None:
    with start_code(own, FAMILY) as guest:
        guest.ready()
        family = below(own, 6)
        family[0].kill()
        with pytest.raises(InfrastructureError):
            guest.wait()
        assert_gone(family)
    with start_code(own, "print('fine')") as guest:
        assert guest.wait().output == b"fine\n"


def test_a_process_that_the_judge_forks_goes_on_with_the_same_zygote(own: Sandbox) -> None:
    child = os.fork()
    if child == 0:
        with start_code(own, "print('fine')") as guest:
            fine = guest.wait().output == b"fine\n"
        os._exit(0 if fine and not psutil.Process().children() else 1)
    assert os.waitpid(child, 0)[1] == 0
    with start_code(own, "print('fine')") as guest:
        assert guest.wait().output == b"fine\n"


def test_nothing_is_mounted_or_left_on_the_machine(own: Sandbox) -> None:
    mounts, shared = Path("/proc/self/mounts").read_text(), set(os.listdir("/dev/shm"))
    with own.spawn(project(), entry=WSGI, limits=LIMITS) as guest:
        guest.http(Request(target="/"))
    with start_code(own, FAMILY) as guest:
        guest.ready()
    assert Path("/proc/self/mounts").read_text() == mounts
    assert set(os.listdir("/dev/shm")) <= shared | set(os.listdir("/dev/shm")) - {"left"}


def test_descriptors_of_the_judge_do_not_grow(own: Sandbox) -> None:
    def open_now() -> int:
        return len(os.listdir("/proc/self/fd"))

    with start_code(own, "print(1)") as guest:
        guest.wait()
    before = open_now()
    for _ in range(5):
        with start_code(own, "print(1)") as guest:
            guest.wait()
        with (
            own.spawn(project(settings="x = 1 / 0"), entry=WSGI, limits=LIMITS) as guest,
            pytest.raises(CandidateFault),
        ):
            guest.ready()
    assert open_now() == before


def test_a_jail_is_built_quickly(own: Sandbox) -> None:
    """From the order to the first line of the guest: 10 ms where nothing else runs."""
    times = []
    for _ in range(5):
        start = time.monotonic()
        with start_code(own, "pass") as guest:
            guest.ready()
            times.append(time.monotonic() - start)
    assert min(times) < 0.1


def test_jails_stand_ready_for_the_next_guests_and_hold_nothing_of_the_last_one(own: Sandbox) -> None:
    with start_code(own, "open('/tmp/left', 'w').write('x'); print('first')") as guest:
        guest.wait()
    waiting = wait_for_jails(own)
    with start_code(own, "import os; print(os.listdir('/tmp'), os.listdir('/dev/shm'))") as guest:
        assert guest.wait().output == b"[] []\n"
    assert any(not one.is_running() for one in waiting)


def test_a_jail_that_was_killed_while_it_waited_is_passed_over(own: Sandbox) -> None:
    with start_code(own, "print('first')") as guest:
        guest.wait()
    waiting = wait_for_jails(own)
    for one in waiting:
        with suppress(psutil.NoSuchProcess):  # it went with its supervisor
            one.kill()
    assert_gone(waiting)
    for _ in range(3):
        with start_code(own, "print('fine')") as guest:
            assert guest.wait().output == b"fine\n"


def test_with_other_limits_the_jails_that_stand_are_not_used(own: Sandbox) -> None:
    with start_code(own, "print('first')") as guest:
        guest.wait()
    wait_for_jails(own)
    code = "import os; found = os.statvfs('/tmp'); print(found.f_blocks * found.f_frsize >> 20)"
    with start_code(own, code, limits=replace(LIMITS, disk_mb=7)) as guest:
        assert guest.wait().output == b"7\n"


def wait_for_jails(sandbox: Sandbox) -> list[psutil.Process]:
    """The supervisors and first processes of the jails that wait, once there are two of them."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        found = [one for one in keeper_of(sandbox).children(recursive=True) if stands_ready(one)]
        if len(found) == 4:
            return found
        time.sleep(0.02)
    pytest.fail("No jails were raised ahead of time.")


def test_a_jail_that_stands_meets_the_sockets_that_are_there_when_it_is_used(own: Sandbox, tmp_path: Path) -> None:
    folder = tmp_path / "sockets"
    code = "import os; print(os.listdir('/run/postgresql'))"
    for name in ("first", "second"):
        folder.mkdir(mode=0o755)
        (folder / name).touch()
        with start_code(own, code, socket_folder=folder) as guest:
            assert guest.wait().output == f"['{name}']\n".encode()
        wait_for_jails(own)
        shutil.rmtree(folder)
