"""Services of the judge on the guest's own loopback: who reaches what, and what the judge sees of it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable

import pytest
from tests.sandbox.conftest import LIMITS, WSGI, project, start_code

from djudge.engine.errors import TaskFault
from djudge.engine.probes.services import (
    Act,
    Ask,
    Break,
    Close,
    Drip,
    Hang,
    Hold,
    Log,
    Reply,
    Script,
    Services,
    Traffic,
    serving,
)
from djudge.engine.sandbox.contract import Layer, Request
from djudge.engine.sandbox.doors import PORTS
from djudge.engine.sandbox.sandbox import Sandbox

#: `tell(name=step)` prints what each step came to; `get(path)` is the body of an answer; `raw(bytes)` what came back.
PROGRAM = """
import errno, http.client, json, os, socket, sys, threading, time
PORT = int(os.environ["PORT"])
def told(step):
    try:
        return step() or ""
    except OSError as error:
        return errno.errorcode.get(error.errno, type(error).__name__)
    except Exception as error:
        return type(error).__name__
def tell(**steps):
    print(json.dumps({name: told(step) for name, step in steps.items()}))
def get(path, port=PORT, timeout=9, host="127.0.0.1"):
    caller = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        caller.request("GET", path)
        return caller.getresponse().read().decode()
    finally:
        caller.close()
def raw(*pieces, wait=True):
    with socket.create_connection(("127.0.0.1", PORT), 9) as caller:
        for piece in pieces:
            caller.sendall(piece)
        return caller.recv(1000).decode() if wait else ""
def at_once(step, count):
    workers = [threading.Thread(target=step, args=(number,)) for number in range(count)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
def opened(*arguments):
    socket.socket(*arguments).close()
def descriptors():
    return str([one for one in range(64) if not told(lambda: os.fstat(one) and "")])
def option(level, name):
    with socket.socket() as one:
        one.setsockopt(level, name, 1)
"""


def told_by(sandbox: Sandbox, code: str, *scripts: Script) -> tuple[dict[str, str], Services]:
    """What a program told, and the services that it called."""
    program = PROGRAM + textwrap.dedent(code)
    with (
        start_code(sandbox, program, LIMITS, ports=PORTS, environ={"PORT": str(PORTS[0])}) as guest,
        serving(guest, *scripts) as services,
    ):
        output = guest.wait().output.decode()
    return json.loads(output), services


def seen(services: Services, place: int = 0) -> Traffic:
    return Traffic.parse(services.to_json()[place])


def answered(ask: Ask, log: Log) -> Act:
    return Reply(body=ask.target.encode())


def test_a_guest_reaches_the_services_of_the_judge_and_nothing_else(sandbox: Sandbox) -> None:  # C04
    told, services = told_by(
        sandbox,
        """
        tell(
            first=lambda: get("/a"), second=lambda: get("/b", 8002), unused=lambda: get("/c", 8003),
            other_port=lambda: get("/", 8080), other_host=lambda: get("/", host="10.0.0.1", timeout=1),
            bind=lambda: socket.create_server(("127.0.0.1", 0)), listen=lambda: socket.socket().listen(),
            udp=lambda: opened(socket.AF_INET, socket.SOCK_DGRAM), ipv6=lambda: opened(socket.AF_INET6),
            raw=lambda: opened(socket.AF_INET, socket.SOCK_RAW, 1), mptcp=lambda: opened(2, 1, 262),
            early=lambda: str(socket.socket().sendto(b"x", 0x20000000, ("127.0.0.1", 8080))),
            no_delay=lambda: option(6, 1), keep_alive=lambda: option(1, 9), reuse=lambda: option(1, 2),
            module=lambda: option(6, 31), of_ip=lambda: option(0, 1), large=lambda: option(1, 8),
            descriptors=descriptors,
        )
        """,
        answered,
        answered,
    )
    assert told == {
        "first": "/a", "second": "/b", "unused": "RemoteDisconnected", "other_port": "EACCES",
        "other_host": "ENETUNREACH", "bind": "EACCES", "listen": "EPERM", "udp": "EPERM", "ipv6": "EPERM",
        "raw": "EPERM", "mptcp": "EPERM", "early": "ENOTSUP", "no_delay": "", "keep_alive": "", "reuse": "",
        "descriptors": "[0, 1, 2, 3]", "module": "EPERM", "of_ip": "EPERM", "large": "EPERM",
    }  # fmt: skip
    assert [seen(services, place).connections for place in (0, 1)] == [1, 1]
    assert services.strangers == 1


def test_without_a_word_of_tcp_there_is_none(sandbox: Sandbox) -> None:
    with start_code(sandbox, "import socket; socket.socket()", LIMITS) as guest:
        with pytest.raises(TaskFault, match="needs"), serving(guest, answered):
            pass
        assert b"Operation not permitted" in guest.wait().output


def test_with_the_filter_forgotten_the_other_walls_hold(bare: Callable[..., Sandbox]) -> None:
    code = """
        tell(other=lambda: get("/", 8080), bind=lambda: socket.create_server(("127.0.0.1", 0)).close(),
             udp=lambda: opened(2, 2), service=lambda: get("/a"))
    """
    told, _ = told_by(bare(Layer.SECCOMP), code, answered)
    assert told == {"other": "EACCES", "bind": "EACCES", "udp": "", "service": "/a"}
    told, _ = told_by(bare(Layer.SECCOMP, Layer.LANDLOCK), code, answered)
    assert told["other"] == "ECONNREFUSED"


def test_own_code_finds_them_at_other_ports(bare: Callable[..., Sandbox]) -> None:
    served = """
        def application(environ, start_response):
            import urllib.request
            body = urllib.request.urlopen(environ["HTTP_X_URL"]).read()
            start_response("200 OK", [])
            return [body]
    """
    tree = project() | {"serve.py": textwrap.dedent(served).encode()}
    entry = WSGI | {"application": "serve.application"}
    with bare(isolated=False).spawn(tree, entry=entry, limits=LIMITS, ports=PORTS) as guest:
        guest.ready()
        with serving(guest, answered) as services:
            url = services[0].url
            assert int(url.rpartition(":")[2]) not in PORTS
            assert guest.http(Request(target="/", headers=[("X-Url", f"{url}/a")])).body == b"/a"


def test_the_most_in_flight_are_counted_without_a_race(sandbox: Sandbox) -> None:
    def held(ask: Ask, log: Log) -> Act:
        return Hold(until=lambda log: log.in_flight >= 5, then=Reply(body=b"ok"))

    told, services = told_by(sandbox, "at_once(lambda one: get(f'/{one}'), 5); tell()", held)
    assert told == {}
    traffic = seen(services)
    assert (traffic.peak, traffic.connections, traffic.left_open) == (5, 5, 0)
    assert {ask.end for ask in traffic.asks} == {"answered"}
    assert not any(ask.forced for ask in traffic.asks)
    assert traffic.targets == {f"/{one}": 1 for one in range(5)}


def test_who_never_sends_a_second_one_hangs_nowhere(sandbox: Sandbox) -> None:
    def held(ask: Ask, log: Log) -> Act:
        return Reply() if log.forced else Hold(until=lambda log: log.in_flight >= 2, then=Reply(), patience=0.2)

    told, services = told_by(sandbox, "tell(one=lambda: get('/1'), two=lambda: get('/2'))", held)
    assert told == {"one": "", "two": ""}
    traffic = seen(services)
    assert traffic.peak == 1
    assert [ask.forced for ask in traffic.asks] == [True, False]


def test_it_is_seen_who_gave_up_and_who_had_to_be_sent_away(sandbox: Sandbox) -> None:
    acts = {
        "/hang": Hang(), "/endless": Hang(patience=0.2), "/drip": Drip(every=0.01, most=5), "/slow": Drip(),
        "/broken": Break(body=b"half", promised=100), "/close": Close(),
        "/busy": Reply(status=429, headers=(("Retry-After", "7"),)),
    }  # fmt: skip
    told, services = told_by(
        sandbox,
        """
        def slow():
            with socket.create_connection(("127.0.0.1", PORT)) as caller:
                caller.sendall(b"GET /slow HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
                return caller.recv(12).decode()
        tell(hang=lambda: get("/hang", timeout=0.2), endless=lambda: get("/endless"), drip=lambda: get("/drip"),
             slow=slow, broken=lambda: get("/broken"), close=lambda: get("/close"), busy=lambda: get("/busy"))
        """,
        lambda ask, log: acts[ask.target],
    )
    assert told == {
        "hang": "TimeoutError", "endless": "RemoteDisconnected", "drip": "IncompleteRead", "slow": "HTTP/1.1 200",
        "broken": "IncompleteRead", "close": "RemoteDisconnected", "busy": "",
    }  # fmt: skip
    ends = {ask.target: ask.end for ask in seen(services).asks}
    assert ends == {
        "/hang": "given-up", "/endless": "ended", "/drip": "ended", "/slow": "given-up", "/broken": "ended",
        "/close": "ended", "/busy": "answered",
    }  # fmt: skip


def test_nobody_holds_up_the_judge_or_its_other_callers(sandbox: Sandbox) -> None:  # C04
    big = b"x" * 3_000_000
    told, services = told_by(
        sandbox,
        """
        silent = [socket.create_connection(("127.0.0.1", PORT)) for _ in range(20)]
        for one in silent:
            one.sendall(b"GET / HTTP/1.1\\r\\nHo")
        def never_reads():
            silent.append(socket.create_connection(("127.0.0.1", PORT)))
            silent[-1].sendall(b"GET /big HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n" * 100)
        tell(never_reads=never_reads, garbage=lambda: raw(b"\\x16\\x03\\x01 what?\\r\\n\\r\\n")[:12],
             long_head=lambda: raw(b"GET / HTTP/1.1\\r\\n", b"a: b\\r\\n" * 8000)[:12],
             long_body=lambda: raw(b"POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 999999\\r\\n\\r\\n",
                                   b"x" * 99_999)[:12],
             honest=lambda: get("/honest"))
        """,
        lambda ask, log: Reply(body=big if ask.target == "/big" else b"fine"),
    )
    assert told["honest"] == "fine"
    assert told["garbage"] == "HTTP/1.1 400"
    traffic = seen(services)
    assert traffic.garbage >= 3
    assert not traffic.flooded


def test_a_flood_closes_the_service_and_is_on_record(sandbox: Sandbox) -> None:  # C04
    code = """
        def flood():
            caller = http.client.HTTPConnection("127.0.0.1", PORT, timeout=9)
            while True:
                caller.request("GET", "/")
                caller.getresponse().read()
        tell(flood=flood)
    """
    told, services = told_by(sandbox, code, answered)
    assert told["flood"] in ("RemoteDisconnected", "ECONNRESET", "EPIPE")
    assert seen(services).flooded
