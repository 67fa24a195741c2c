"""The operator's own code, with no jail: the same wire, limits all the same, nothing left afterwards."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.sandbox.conftest import LIMITS, WSGI, ending_of, project, run_code, start_code

from djudge.engine.errors import CandidateFault
from djudge.engine.sandbox.contract import Request
from djudge.engine.sandbox.sandbox import Sandbox


def test_a_project_answers_without_a_jail(bare: Callable[..., Sandbox]) -> None:
    with bare(isolated=False).spawn(project(), entry=WSGI, limits=LIMITS) as guest:
        assert guest.http(Request(target="/")).body == b"1 stalls"


def test_faults_have_their_place_here_too(bare: Callable[..., Sandbox]) -> None:
    with (
        bare(isolated=False).spawn(project(models="\nx = 1 / 0"), entry=WSGI, limits=LIMITS) as guest,
        pytest.raises(CandidateFault) as caught,
    ):
        guest.ready()
    assert (caught.value.kind, caught.value.file, caught.value.line) == ("setup_error", "stalls/models.py", 2)


def test_its_folder_is_gone_afterwards(bare: Callable[..., Sandbox]) -> None:
    code = "import os; open(os.environ['TMPDIR'] + '/x', 'w'); print(os.getcwd(), os.getuid())"
    status, output = run_code(bare(isolated=False), code)
    folder, user = output.split()
    assert status == 0
    assert int(user) == os.getuid()
    assert folder.endswith("/app")
    assert not Path(folder).parent.exists()


def test_children_in_sessions_of_their_own_are_ended(bare: Callable[..., Sandbox]) -> None:
    code = """
        import os, time
        for _ in range(4):
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(60)
                os._exit(0)
        print("family", flush=True)
        time.sleep(0.3)
    """
    with start_code(bare(isolated=False), code, LIMITS) as guest:
        assert guest.wait().output == b"family\n"


def test_limits_hold_without_a_jail(bare: Callable[..., Sandbox]) -> None:
    sandbox = bare(isolated=False)
    for changed, code, kind in (
        ({"wall_seconds": 0.4}, "import time; time.sleep(60)", "time_limit"),
        ({"cpu_seconds": 0.4}, "import os; os.fork()\nwhile True: pass", "cpu_limit"),
        ({"memory_mb": 150}, "kept = [bytearray(1_000_000) for _ in range(900)]", "memory_limit"),
        ({"processes": 5}, "import os, time\nfor _ in range(4): os.fork()\ntime.sleep(60)", "process_limit"),
    ):
        fault, _ = ending_of(sandbox, code, dataclasses.replace(LIMITS, **changed))
        assert fault.kind == kind
