"""Code that takes more than its share: bounded from outside, whatever it tries, and named for what it did."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

import psutil
import pytest
from tests.sandbox.conftest import WSGI, ask, ending_of, project, run_code, start_code, views

from djudge.engine.errors import CandidateFault
from djudge.engine.sandbox.contract import Layer, Limits, Request
from djudge.engine.sandbox.sandbox import Sandbox

SMALL = Limits(
    wall_seconds=8, cpu_seconds=4, memory_mb=160, processes=16, disk_mb=8, inodes=200, output_kb=16,
    response_mb=1, request_seconds=0.5,
)  # fmt: skip

FORK_BOMB = """
    import os, time
    for _ in range(200):
        try:
            if os.fork() == 0:
                time.sleep(60)
        except OSError:
            time.sleep(0.01)
    print("all forked")
    time.sleep(60)
"""
MEMORY_OF_CHILDREN = """
    import os, time
    for _ in range(12):
        if os.fork() == 0:
            kept = bytearray(30_000_000)
            time.sleep(60)
    time.sleep(60)
"""
BURNERS = """
    import os, time
    for _ in range(4):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                while True:
                    pass
            os._exit(0)
    time.sleep(60)
"""


def test_a_fork_bomb_is_ended_by_the_watchdog(sandbox: Sandbox) -> None:  # A01
    fault, ending = ending_of(sandbox, FORK_BOMB, SMALL)
    assert (fault.kind, ending.reason) == ("process_limit", "process_limit")
    assert 16 < ending.peak_processes <= 16 * 4


def test_without_watchdog_and_limits_the_same_fork_bomb_goes_off(bare: Callable[..., Sandbox]) -> None:
    with start_code(bare(Layer.WATCHDOG, Layer.RLIMITS), FORK_BOMB, SMALL) as guest:
        guest.ready()
        deadline = time.monotonic() + 5
        while len(psutil.Process().children(recursive=True)) < 200 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(psutil.Process().children(recursive=True)) > 200
        assert b"all forked" in guest.stop().output


def test_a_fork_bomb_of_a_thousand_is_held_by_the_kernel_too(bare: Callable[..., Sandbox]) -> None:
    code = """
        import os, time
        made = 0
        try:
            for _ in range(1000):
                if os.fork() == 0:
                    time.sleep(60)
                made += 1
        except BlockingIOError:
            print("refused after", made)
    """
    status, output = run_code(bare(Layer.WATCHDOG), code, SMALL)
    assert status == 0
    assert output in (f"refused after {16 * 4 - 1}\n", f"refused after {16 * 4 - 2}\n")


def test_a_thread_bomb_is_ended(sandbox: Sandbox) -> None:  # A02
    fault, _ = ending_of(sandbox, """
        import threading, time
        for _ in range(40):
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        time.sleep(60)
    """, SMALL)  # fmt: skip
    assert fault.kind == "process_limit"


def test_orphans_in_sessions_of_their_own_are_counted_and_ended(sandbox: Sandbox) -> None:  # A03, A10
    start = time.monotonic()
    fault, ending = ending_of(sandbox, BURNERS, dataclasses.replace(SMALL, cpu_seconds=1))
    assert (fault.kind, ending.reason) == ("cpu_limit", "cpu_limit")
    assert time.monotonic() - start < 5


def test_without_the_watchdog_the_orphans_burn_on(bare: Callable[..., Sandbox]) -> None:
    with start_code(bare(Layer.WATCHDOG), BURNERS, dataclasses.replace(SMALL, cpu_seconds=1)) as guest:
        guest.ready()
        time.sleep(1.5)
        assert guest.stop().reason == "stopped"


def test_children_that_nobody_waits_for_are_counted(sandbox: Sandbox) -> None:
    fault, _ = ending_of(sandbox, """
        import os, signal, time
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while True:
            if os.fork() == 0:
                end = time.monotonic() + 0.1
                while time.monotonic() < end:
                    pass
                os._exit(0)
            time.sleep(0.05)
    """, dataclasses.replace(SMALL, cpu_seconds=1))  # fmt: skip
    assert fault.kind == "cpu_limit"


def test_a_loop_of_one_process_is_ended_by_its_processor_time(sandbox: Sandbox) -> None:
    fault, _ = ending_of(sandbox, "while True: pass", dataclasses.replace(SMALL, cpu_seconds=0.3))
    assert fault.kind == "cpu_limit"


def test_a_memory_bomb_is_ended(sandbox: Sandbox) -> None:  # A04
    fault, ending = ending_of(sandbox, """
        kept = []
        while True:
            kept.append(bytearray(4_000_000))
    """, SMALL)  # fmt: skip
    assert (fault.kind, ending.reason) == ("memory_limit", "memory_limit")
    assert 160 * 1024 < ending.peak_memory_kb < 480 * 1024


def test_one_request_for_far_too_much_memory_fails_in_the_guest(sandbox: Sandbox) -> None:
    status, output = run_code(sandbox, "kept = bytearray(10_000_000_000)", SMALL)
    assert status == 1
    assert "MemoryError" in output


def test_memory_in_many_children_is_summed(sandbox: Sandbox) -> None:  # A05
    fault, _ = ending_of(sandbox, MEMORY_OF_CHILDREN, SMALL)
    assert fault.kind == "memory_limit"


def test_without_the_watchdog_hungry_children_are_not_stopped_by_limits(bare: Callable[..., Sandbox]) -> None:
    with start_code(bare(Layer.WATCHDOG), MEMORY_OF_CHILDREN, SMALL) as guest:
        guest.ready()
        deadline = time.monotonic() + 5
        while (used := _memory_below_us()) < 400_000_000 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert used > 400_000_000
        assert guest.stop().reason == "stopped"


def _memory_below_us() -> int:
    return sum(process.memory_info().rss for process in psutil.Process().children(recursive=True))


def test_pages_that_children_inherit_are_counted_once_until_they_are_written(sandbox: Sandbox) -> None:
    shared = """
        import os, time
        kept = bytearray(60_000_000)
        for _ in range(8):
            if os.fork() == 0:
                {work}
                time.sleep(1)
                os._exit(0)
        for _ in range(8):
            os.wait()
        print("fine")
    """
    assert run_code(sandbox, shared.format(work="pass"), SMALL) == (0, "fine\n")
    writing = "for at in range(0, 60_000_000, 4096): kept[at] = 1"
    fault, _ = ending_of(sandbox, shared.format(work=writing), SMALL)
    assert fault.kind == "memory_limit"


@pytest.mark.parametrize(
    "attempt",
    [
        "mmap.mmap(-1, 1 << 20)",  # shared and anonymous: belongs to nobody once it is unmapped
        "os.memfd_create('hidden')",
        "os.open('/dev/zero', os.O_RDWR)",
        "check(libc.shmget(0, 1 << 20, 0o1600))",
        "check(libc.msgget(0, 0o1600))",
        "check(libc.mq_open(b'/hidden', 66, 0o600, None))",
        "check(libc.prctl(4, 0, 0, 0, 0))",  # A06: PR_SET_DUMPABLE
    ],
)
def test_memory_can_not_be_put_where_no_process_shows_it(sandbox: Sandbox, attempt: str) -> None:
    status, output = run_code(sandbox, f"""
        import ctypes, errno, mmap, os
        libc = ctypes.CDLL(None, use_errno=True)
        def check(result):
            if result == -1:
                raise OSError(ctypes.get_errno(), "refused")
        try:
            {attempt}
            print("done")
        except OSError as error:
            print(errno.errorcode[error.errno])
    """)  # fmt: skip
    assert status == 0
    assert output in ("EPERM\n", "ENOENT\n" if "/dev/zero" in attempt else "EPERM\n")


def test_a_flood_of_descriptors_is_ended(sandbox: Sandbox) -> None:  # A13
    fault, _ = ending_of(sandbox, """
        import os, socket, time
        for _ in range(14):
            if os.fork() == 0:
                kept = [socket.socketpair() for _ in range(120)]
                time.sleep(60)
        time.sleep(60)
    """, SMALL)  # fmt: skip
    assert fault.kind == "process_limit"


def test_the_disk_is_small_and_so_is_its_table_of_files(sandbox: Sandbox) -> None:  # A07
    status, output = run_code(sandbox, """
        import errno, os
        def tried(action):
            try:
                action()
            except OSError as error:
                print(errno.errorcode[error.errno])
            else:
                print("done")
        def big():
            for number in range(4):
                with open(f"/tmp/big{number}", "wb", buffering=0) as file:
                    for _ in range(30):
                        file.write(b"x" * 100_000)
        def sparse():
            with open("/tmp/sparse", "wb") as file:
                file.truncate(1 << 40)
        def many():
            for number in range(100_000):
                os.close(os.open(f"/tmp/{number}", os.O_CREAT | os.O_WRONLY))
        import signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        tried(big)
        for name in os.listdir("/tmp"):
            os.unlink("/tmp/" + name)
        tried(sparse)
        os.unlink("/tmp/sparse")
        tried(many)
        tried(lambda: open("/app/new", "w"))
        tried(lambda: open("/dev/shm/big", "wb").write(b"x" * 100_000_000))
    """, dataclasses.replace(SMALL, inodes=200))  # fmt: skip
    assert status == 0
    assert output.split() == ["ENOSPC", "EFBIG", "ENOSPC", "EROFS", "EFBIG"]


@pytest.mark.parametrize("stream", [1, 2])
def test_endless_output_is_kept_in_part_and_ends_the_guest(sandbox: Sandbox, stream: int) -> None:  # A08
    fault, ending = ending_of(sandbox, f"import os\nwhile True: os.write({stream}, b'x' * 65536)", SMALL)
    assert (fault.kind, ending.reason) == ("output_limit", "output_limit")
    assert len(ending.output) == 16 * 1024
    assert ending.printed < 16 * 1024 * 64 + 200_000


def test_much_output_is_kept_in_part_and_forgiven(sandbox: Sandbox) -> None:
    with start_code(sandbox, "print('x' * 100_000)", SMALL) as guest:
        assert guest.wait().output == b"x" * 16 * 1024
        assert guest.stop().printed == 100_001


def test_an_endless_body_is_cut_at_its_limit_and_the_guest_goes_on(sandbox: Sandbox) -> None:
    tree = views("""
        def home(request):
            if "small" in request.GET:
                return HttpResponse("small")
            def pieces():
                while True:
                    yield b"x" * 10_000
            return StreamingHttpResponse(pieces())
    """)
    with sandbox.spawn(tree, entry=WSGI, limits=SMALL) as guest:
        answer = guest.http(Request(target="/"))
        assert (len(answer.body), answer.truncated) == (1024 * 1024, True)
        assert guest.http(Request(target="/?small=1")).body == b"small"


SLOW = {
    "sleeps": "time.sleep(60)",
    "stops itself": "os.kill(os.getpid(), signal.SIGSTOP); time.sleep(60)",
    "blocks every signal": "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)); time.sleep(60)",
    "streams slowly": "return StreamingHttpResponse(slowly())",
}


@pytest.mark.parametrize("body", SLOW.values(), ids=SLOW.keys())
def test_a_view_that_does_not_answer_is_stopped_at_its_deadline(sandbox: Sandbox, body: str) -> None:  # A09
    tree = views(f"""
        import os, signal, time
        def slowly():
            while True:
                yield b"x"
                time.sleep(0.1)
        def home(request):
            {body}
    """)  # fmt: skip
    with sandbox.spawn(tree, entry=WSGI, limits=SMALL) as guest:
        guest.ready()
        start = time.monotonic()
        with pytest.raises(CandidateFault) as caught:
            guest.http(Request(target="/"))
        assert 0.45 < time.monotonic() - start < 2
    assert (caught.value.kind, caught.value.phase) == ("time_limit", "observing")


def test_a_view_that_answers_and_then_hangs_gives_its_answer_and_is_stopped(sandbox: Sandbox) -> None:
    tree = views("""
        import time
        class Late(HttpResponse):
            def close(self):
                time.sleep(60)
        def home(request):
            return Late("on time")
    """)
    with sandbox.spawn(tree, entry=WSGI, limits=SMALL) as guest:
        assert guest.http(Request(target="/")).body == b"on time"
        with pytest.raises(CandidateFault, match="in time"):
            guest.http(Request(target="/"))


PLACES = {
    "settings": {"settings": "while True: pass"},
    "models": {"models": "while True: pass"},
    "AppConfig.ready": {"init": ""},
    "a migration": {"migration": "while True: pass"},
}


@pytest.mark.parametrize("changed", PLACES.values(), ids=PLACES.keys())
def test_a_loop_anywhere_on_the_way_is_ended(sandbox: Sandbox, changed: dict[str, str]) -> None:  # A11
    tree = project(**changed)
    if "init" in changed:
        tree["stalls/apps.py"] = (
            b"from django.apps import AppConfig\n"
            b"class Stalls(AppConfig):\n    name = 'stalls'\n    def ready(self):\n        while True: pass\n"
        )
    with (
        sandbox.spawn(tree, entry=WSGI, limits=dataclasses.replace(SMALL, cpu_seconds=0.6)) as guest,
        pytest.raises(CandidateFault) as caught,
    ):
        guest.ready()
    assert caught.value.kind == "cpu_limit"
    assert caught.value.phase == ("migrating" if "migration" in changed else "starting")


def test_the_wall_ends_what_uses_nothing(sandbox: Sandbox) -> None:
    fault, ending = ending_of(sandbox, "import time; time.sleep(60)", dataclasses.replace(SMALL, wall_seconds=0.5))
    assert (fault.kind, ending.reason) == ("time_limit", "wall_limit")


def test_after_all_that_the_next_guest_is_served_as_ever(sandbox: Sandbox) -> None:
    assert ask(sandbox, project()).body == b"1 stalls"
