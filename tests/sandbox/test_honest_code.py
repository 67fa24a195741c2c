"""What the allow-list of system calls and the limits must not break."""

from __future__ import annotations

import pytest
from tests.sandbox.conftest import run_code

from djudge.engine.sandbox.sandbox import Sandbox

HONEST = {
    "threads": """
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(lambda n: n * n, range(100))) == 328350
    """,
    "processes": """
        import multiprocessing
        def square(n):
            return n * n
        with multiprocessing.get_context("fork").Pool(4) as pool:
            assert sum(pool.map(square, range(100))) == 328350
    """,
    "spawned processes": """
        import multiprocessing, operator
        if __name__ == "__main__":
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                assert pool.map(operator.neg, [1, 2]) == [-1, -2]
    """,
    "manager, queue, lock, shared memory": """
        import multiprocessing, multiprocessing.shared_memory as shared
        context = multiprocessing.get_context("fork")
        with context.Manager() as manager:
            values = manager.dict(stall=1)
            assert dict(values) == {"stall": 1}
        queue, lock = context.Queue(), context.Lock()
        with lock:
            queue.put(5)
        assert queue.get(timeout=5) == 5
        block = shared.SharedMemory(create=True, size=100_000)
        block.buf[0] = 7
        block.close()
        block.unlink()
    """,
    "child program": """
        import subprocess, sys
        code = "import django, sys; print(django.VERSION[0] >= 5, sys.path[1:3])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout == "True ['/app', '/env']\\n", done
    """,
    "time zones": """
        import datetime, zoneinfo
        berlin = zoneinfo.ZoneInfo("Europe/Berlin")
        assert datetime.datetime(2020, 7, 1, tzinfo=berlin).utcoffset() == datetime.timedelta(hours=2)
        assert len(zoneinfo.available_timezones()) > 400
    """,
    "temporary files": """
        import os, shutil, tempfile
        with tempfile.TemporaryDirectory() as folder:
            with tempfile.NamedTemporaryFile(dir=folder) as file:
                file.write(b"x" * 1_000_000)
                file.flush()
                shutil.copy2(file.name, folder + "/copy")
            os.rename(folder + "/copy", folder + "/moved")
            assert os.path.getsize(folder + "/moved") == 1_000_000
    """,
    "sqlite": """
        import sqlite3
        connection = sqlite3.connect("/tmp/some.db")
        connection.execute("pragma journal_mode=wal")
        connection.execute("create table stall (name text)")
        connection.execute("insert into stall values ('cheese')")
        connection.commit()
        assert connection.execute("select * from stall").fetchall() == [("cheese",)]
    """,
    "asyncio": """
        import asyncio, sys
        async def main():
            child = await asyncio.create_subprocess_exec(sys.executable, "-c", "print(1)", stdout=-1)
            said, _ = await child.communicate()
            assert said == b"1\\n"
            assert await asyncio.to_thread(lambda: 5) == 5
        asyncio.run(main())
    """,
    "foreign functions": """
        import ctypes
        compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
        values = (ctypes.c_int * 3)(3, 1, 2)
        ctypes.CDLL(None).qsort(values, 3, 4, compare(lambda a, b: a[0] - b[0]))
        assert list(values) == [1, 2, 3]
    """,
    "the rest of the library": """
        import decimal, faulthandler, hashlib, locale, mmap, os, platform, secrets, select, signal, ssl, socket
        import time, uuid
        hashlib.scrypt(b"word", salt=b"salt", n=1024, r=8, p=1)
        ssl.create_default_context()
        uuid.uuid1(); uuid.uuid4(); secrets.token_hex(); os.urandom(8)
        one, other = socket.socketpair()
        one.sendall(b"x"); assert other.recv(1) == b"x"
        with open("/tmp/mapped", "w+b") as file:
            file.truncate(8192)
            mmap.mmap(file.fileno(), 8192)[0] = 1
        mmap.mmap(-1, 8192, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)[0] = 1
        heard = []
        signal.signal(signal.SIGALRM, lambda *_: heard.append(1))
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        time.sleep(0.05)
        assert heard
        epoll = select.epoll(); epoll.close()
        assert platform.node() == "guest"
        faulthandler.enable()
        locale.setlocale(locale.LC_ALL, "")
        assert os.cpu_count() and os.sched_getaffinity(0)
    """,
    "psycopg, without a server": """
        import psycopg
        assert psycopg.pq.__impl__ == "binary"
        try:
            psycopg.connect("host=/run/postgresql dbname=none", connect_timeout=2)
        except psycopg.OperationalError as error:
            assert "No such file" in str(error), error
    """,
}


@pytest.mark.parametrize("code", HONEST.values(), ids=HONEST.keys())
def test_honest_code_runs(sandbox: Sandbox, code: str) -> None:
    assert run_code(sandbox, code) == (0, "")
