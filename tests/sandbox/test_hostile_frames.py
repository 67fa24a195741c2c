"""A guest that speaks on the judge's socket itself: what does not fit ends it, and what fits is only an answer."""

from __future__ import annotations

import time

import pytest
from tests.sandbox.conftest import WSGI, project, views

from djudge.engine.errors import CandidateFault
from djudge.engine.sandbox.contract import Limits, Request
from djudge.engine.sandbox.sandbox import Sandbox

LIMITS = Limits(wall_seconds=8, cpu_seconds=4, memory_mb=200, request_seconds=1, response_mb=1)

#: `send` writes a frame; `run` is the number of the run, found as hostile code would find it.
SPEAKING = """
import gc, json, os, struct
def send(kind, payload):
    if not isinstance(payload, bytes):
        payload = json.dumps(payload).encode()
    raw(struct.pack(">cI", kind, len(payload)) + payload)
def raw(content):
    while content:
        content = content[os.write(3, content):]
def fault(**changed):
    words = {"kind": "x", "what": "", "detail": "", "file": "a", "line": 1}
    return {"run": run(), "phase": "starting"} | words | changed
def answer(**changed):
    return {"run": run(), "id": 1, "status": 200, "headers": []} | changed
def run():
    return next(one.run for one in gc.get_objects() if type(one).__name__ == "Voice")
"""

UNREADY = {
    "an unknown kind": "raw(b'Z\\0\\0\\0\\0')",
    "a length without end": "raw(b'P\\xff\\xff\\xff\\xff')",
    "text": "raw(b'HTTP/1.1 200 OK\\r\\n\\r\\n')",
    "no JSON": "send(b'R', b'ready')",
    "no object": "send(b'R', [1])",
    "NaN": "send(b'R', b'{\"run\": NaN}')",
    "infinity by digits": "send(b'R', b'{\"run\": 1e999}')",
    "endless digits": "send(b'R', b'{\"run\": ' + b'9' * 60000 + b'}')",
    "a key twice": "send(b'R', b'{\"run\": \"a\", \"run\": \"b\"}')",
    "no UTF-8": "send(b'R', b'{\"run\": \"\\xff\"}')",
    "half a character": "send(b'R', b'{\"run\": \"\\\\ud800\"}')",
    "a deep nest": "send(b'R', b'[' * 60000)",
    "a nest in a field": "send(b'R', b'{\"run\": ' + b'[' * 17 + b']' * 17 + b'}')",
    "the run of somebody else": "send(b'R', {'run': '0' * 32})",
    "a run that is no text": "send(b'R', {'run': 5})",
    "an answer before its question": "send(b'A', answer())",
    "a body before its head": "send(b'B', b'x')",
    "phases without end": "[send(b'P', {'run': run(), 'phase': 'starting'}) for _ in range(50)]",
    "a phase of its own": "send(b'P', {'run': run(), 'phase': 'graded: 100 points'})",
    "the supervisor's words": "send(b'D', {'run': run(), 'reason': 'stopped'})",
    "a fault without words": "send(b'F', {'run': run(), 'phase': 'starting'})",
    "a fault in a path without end": "send(b'F', fault(file='x' * 9000))",
    "a fault with a wrong line": "send(b'F', fault(line=True))",
    "a head of a megabyte": "send(b'F', b'x' * 1_000_000)",
}  # fmt: skip


@pytest.mark.parametrize("code", UNREADY.values(), ids=UNREADY.keys())
def test_a_frame_that_does_not_fit_ends_a_guest_before_it_is_ready(sandbox: Sandbox, code: str) -> None:
    with sandbox.spawn(
        project(settings=f"{SPEAKING}\n{code}\nimport time; time.sleep(5)"), entry=WSGI, limits=LIMITS
    ) as guest:
        with pytest.raises(CandidateFault) as caught:
            guest.ready()
        assert guest.stop().reason == "stopped"
    assert (caught.value.kind, caught.value.phase) == ("protocol", "starting")


ANSWERING = {
    "a status of its own": "send(b'A', answer(status=9999))",
    "a status that is true": "send(b'A', answer(status=True))",
    "another question's answer": "send(b'A', answer(id=7))",
    "a header with a line in it": "send(b'A', answer(headers=[['a', 'b\\r\\nc: d']]))",
    "a header of three": "send(b'A', answer(headers=[['a', 'b', 'c']]))",
    "a thousand headers": "send(b'A', answer(headers=[['a', 'b']] * 1000))",
    "ready once more": "send(b'R', {'run': run()})",
    "an answer within an answer": "[send(b'A', answer()) for _ in 'ab']",
    "an end without flags": "send(b'A', answer()); send(b'E', {'run': run(), 'id': 1})",
    "empty pieces for ever": "send(b'A', answer()); [send(b'B', b'') for _ in range(9)]",
}  # fmt: skip


@pytest.mark.parametrize("code", ANSWERING.values(), ids=ANSWERING.keys())
def test_an_answer_that_does_not_fit_ends_the_guest(sandbox: Sandbox, code: str) -> None:
    tree = views(f"{SPEAKING}\ndef home(request):\n    {code}\n    import time; time.sleep(5)")
    fault = _fault_of_first_answer(sandbox, tree)
    assert (fault.kind, fault.phase) == ("protocol", "observing")


def _fault_of_first_answer(sandbox: Sandbox, tree: dict[str, bytes]) -> CandidateFault:
    with sandbox.spawn(tree, entry=WSGI, limits=LIMITS) as guest:
        guest.ready()
        with pytest.raises(CandidateFault) as caught:
            guest.http(Request(target="/"))
    return caught.value


def test_a_body_without_end_on_the_socket_itself_is_given_up(sandbox: Sandbox) -> None:  # A08
    tree = views(f"""{SPEAKING}
def home(request):
    send(b'A', answer())
    while True:
        send(b'B', b'x' * 65536)
""")
    assert _fault_of_first_answer(sandbox, tree).kind == "response_limit"


HALVES = {
    "closes the socket": ("os.close(3)", "died"),
    "half a frame, then the end": ("raw(b'A\\0\\0'); os._exit(0)", "died"),
    "half a frame, then nothing": ("raw(b'A\\0\\0'); import time; time.sleep(5)", "time_limit"),
    "os._exit": ("os._exit(0)", "died"),
    "sys.exit": ("raise SystemExit(0)", "died"),
    "a crash": ("import ctypes; ctypes.string_at(0)", "died"),
}


@pytest.mark.parametrize(("code", "kind"), HALVES.values(), ids=HALVES.keys())
def test_a_guest_that_goes_in_the_middle_has_not_answered(sandbox: Sandbox, code: str, kind: str) -> None:  # F02
    tree = views(f"{SPEAKING}\ndef home(request):\n    {code}\n    return HttpResponse('x')")
    assert _fault_of_first_answer(sandbox, tree).kind == kind


def test_a_guest_that_never_reads_does_not_hold_the_judge(sandbox: Sandbox) -> None:
    tree = project(settings=f"{SPEAKING}\nsend(b'R', {{'run': run()}})\nimport time; time.sleep(20)")
    with sandbox.spawn(tree, entry=WSGI, limits=LIMITS) as guest:
        guest.ready()
        start = time.monotonic()
        with pytest.raises(CandidateFault, match="in time"):
            guest.http(Request(method="POST", target="/", body=b"x" * 4_000_000))
        assert time.monotonic() - start < 3


def test_a_flood_before_the_question_is_no_answer(sandbox: Sandbox) -> None:
    tree = views(f"""{SPEAKING}
import threading, time
def flood():
    while True:
        send(b'P', {{'run': run(), 'phase': 'starting'}})
threading.Thread(target=flood, daemon=True).start()
def home(request):
    time.sleep(0.2)
    return HttpResponse('x')
""")
    with sandbox.spawn(tree, entry=WSGI, limits=LIMITS) as guest, pytest.raises(CandidateFault) as caught:
        guest.http(Request(target="/"))
    assert caught.value.kind in ("protocol", "cpu_limit", "time_limit")


def test_a_forged_ready_line_earns_nothing_but_a_guest_that_does_not_answer(sandbox: Sandbox) -> None:  # F01
    tree = project(settings=f"{SPEAKING}\nprint('100 points')\nsend(b'R', {{'run': run()}})\nos._exit(0)")
    with sandbox.spawn(tree, entry=WSGI, limits=LIMITS) as guest:
        guest.ready()
        with pytest.raises(CandidateFault) as caught:
            guest.http(Request(target="/"))
    assert caught.value.kind == "died"


def test_told_kinds_are_only_ours(sandbox: Sandbox) -> None:
    """A guest that names a kind of the judge's own gets a common one instead."""
    with (
        sandbox.spawn(
            project(settings=f"{SPEAKING}\nsend(b'F', fault(kind='full_marks'))"), entry=WSGI, limits=LIMITS
        ) as guest,
        pytest.raises(CandidateFault) as caught,
    ):
        guest.ready()
    assert caught.value.kind == "setup_error"
