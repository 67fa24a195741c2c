"""Time and memory that no process shows for long: counted all the same, and honest code isn't charged for it."""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil
from tests.sandbox.conftest import ending_of, run_code, start_code
from tests.sandbox.test_isolation import attempts

from djudge.engine.sandbox.contract import Layer, Limits
from djudge.engine.sandbox.sandbox import Sandbox

SMALL = Limits(wall_seconds=15, cpu_seconds=0.8, memory_mb=160, processes=40, request_seconds=10)

#: Each burns in its second thread, while the first one sleeps, and starts the next.
RELAY_OF_THREADS = """
    import os, signal, threading, time
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    def burn():
        start = time.process_time()
        while time.process_time() - start < 0.004:
            pass
    if os.fork() == 0:
        while True:
            thread = threading.Thread(target=burn)
            thread.start()
            thread.join()
            if os.fork():
                os._exit(0)
    time.sleep(60)
"""
SQLITE = """
    import os, sqlite3, threading
    def used(name):
        kept = [sqlite3.connect(f"/tmp/{name}", timeout=10) for _ in range(10)]
        kept[0].execute("pragma journal_mode=wal")
        kept[0].execute("create table stall (name text)")
        for connection in kept:
            with connection:
                connection.execute("insert into stall values ('cheese')")
        readers = [connection.execute("select * from stall") for connection in kept]
        assert all(reader.fetchone() == ("cheese",) for reader in readers)
        sum(range(5_000_000))
        os._exit(0)
    children = []
    for number in range(8):
        if not (child := os.fork()):
            used(number)
        children.append(child)
    print([os.waitpid(child, 0)[1] for child in children] == [0] * 8)
"""
HEADLESS = """
    import ctypes, os, threading, time
    kept = bytearray(60_000_000)
    def live_on():
        time.sleep(1)
        os._exit(0)
    for _ in range(6):
        if os.fork() == 0:
            threading.Thread(target=live_on).start()
            ctypes.CDLL(None).syscall(60, 0)
    for _ in range(6):
        os.wait()
    print("fine")
"""


def test_a_relay_of_processes_that_burn_in_a_second_thread_is_ended(sandbox: Sandbox) -> None:  # A10
    fault, _ = ending_of(sandbox, RELAY_OF_THREADS, SMALL)
    assert fault.kind == "cpu_limit"


def test_many_short_children_that_do_little_are_not_charged_for_more(sandbox: Sandbox) -> None:
    code = """
        import os, time
        for _ in range(40):
            if os.fork() == 0:
                time.sleep(0.05)
                os._exit(0)
            time.sleep(0.01)
        for _ in range(40):
            os.wait()
        print("fine")
    """
    assert run_code(sandbox, code, SMALL) == (0, "fine\n")


def test_memory_shared_by_processes_without_a_first_thread_is_counted_once(sandbox: Sandbox) -> None:  # A06
    assert run_code(sandbox, HEADLESS, SMALL) == (0, "fine\n")
    greedy = HEADLESS.replace("def live_on():", "def live_on():\n        mine = bytearray(kept)")
    fault, _ = ending_of(sandbox, greedy, SMALL)
    assert fault.kind == "memory_limit"


def test_zombies_that_nobody_waits_for_do_no_harm(sandbox: Sandbox) -> None:
    code = """
        import os, time
        for _ in range(100):
            if os.fork() == 0:
                os._exit(0)
        time.sleep(0.3)
        print("fine")
    """
    assert run_code(sandbox, code, Limits(wall_seconds=15, processes=110)) == (0, "fine\n")


def test_eighty_connections_to_sqlite_are_not_too_many_locks(sandbox: Sandbox) -> None:
    assert run_code(sandbox, SQLITE) == (0, "True\n")


def test_locks_that_would_be_counted_nowhere_are_refused(sandbox: Sandbox) -> None:  # A13
    told = attempts(
        sandbox,
        "call(72, 1, 37, 0)",  # F_OFD_SETLK
        "call(72, 1, 38, 0)",
        "call(56, 0x400 | 17, 0, 0, 0, 0)",  # a process that shares its descriptors
        "call(56, 0x10900, 0, 0, 0, 0)",  # a thread that doesn't
    )
    assert told == ["EPERM"] * 4


def test_buffers_and_filters_of_sockets_may_not_be_set_and_other_options_may(sandbox: Sandbox) -> None:  # A13
    pair = "socket.socketpair()[0]"
    refused = [f"{pair}.setsockopt(1, {option}, 4096)" for option in (7, 8, 32, 33, 26, 50, 51, 52)]
    assert attempts(sandbox, *refused) == ["EPERM"] * len(refused)
    allowed = [f"{pair}.setsockopt(1, {option}, 1)" for option in (9, 16)]  # SO_KEEPALIVE, SO_PASSCRED
    assert attempts(sandbox, *allowed) == ["done"] * len(allowed)


def test_connections_that_nobody_accepts_are_counted(sandbox: Sandbox) -> None:  # A13
    code = """
        import socket, time
        listener = socket.socket(socket.AF_UNIX)
        listener.bind("/tmp/listener")
        listener.listen({connections})
        for _ in range({connections}):
            with socket.socket(socket.AF_UNIX) as caller:
                caller.connect("/tmp/listener")
                caller.send(bytes(4096))
        time.sleep(0.3)
        print("fine")
    """
    assert run_code(sandbox, code.format(connections=100), SMALL) == (0, "fine\n")
    fault, _ = ending_of(sandbox, code.format(connections=1000), SMALL)
    assert fault.kind == "process_limit"


def test_a_hundred_sockets_are_not_too_many(sandbox: Sandbox) -> None:
    code = "import socket, time\nkept = [socket.socketpair() for _ in range(50)]\ntime.sleep(0.2)\nprint(len(kept))"
    assert run_code(sandbox, code, SMALL) == (0, "50\n")


def test_a_supervisor_without_its_watchdog_sleeps(bare: Callable[..., Sandbox]) -> None:
    with start_code(bare(Layer.WATCHDOG), "import time\ntime.sleep(60)", SMALL) as guest:
        guest.ready()
        before = _judges_seconds()
        time.sleep(0.5)
        assert _judges_seconds() - before < 0.1
        assert guest.stop().reason == "stopped"


def _judges_seconds() -> float:
    times = [process.cpu_times() for process in psutil.Process().children(recursive=True)]
    return sum(one.user + one.system for one in times)
