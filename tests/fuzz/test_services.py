"""What callers send to a service of the judge: HTTP, or anything."""

from __future__ import annotations

import socket

from hypothesis import strategies as st
from tests.fuzz.mutating import FUZZED, fuzz, mutated

from djudge.engine.probes.service_connection import Connection
from djudge.engine.probes.service_log import Log
from djudge.engine.probes.service_script import Act, Ask, Break, Hang, Reply, ServiceLimits

REQUESTS = [
    b"GET /a HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n" * 2,
    b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhelloGET /c HTTP/1.0\r\n\r\n",
    b"PUT /d HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n",
    b"HEAD /hang HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
    b"",
]
MARKS = tuple(
    b"\r\n|\r\n\r\n|\n|: |HTTP/1.1|HTTP/1.0|HTTP/2.0|GET |CONNECT x:1 |PRI * HTTP/2.0|Content-Length: 0|/break"
    b"|Content-Length: 18446744073709551616|Content-Length: -1|Transfer-Encoding: chunked|Transfer-Encoding: gzip|0\r\n"
    b"|ffffffffffffffff\r\n|Upgrade: h2c|Host: y|/hang|%00|?|#|http://other/|*".split(b"|")
)
LIMITS = ServiceLimits(head_bytes=500, body_bytes=200)


def act(ask: Ask) -> Act:
    if "hang" in ask.target:
        return Hang()
    return Break(body=b"x", promised=9) if "break" in ask.target else Reply(body=b"fine")


@FUZZED
def test_whatever_comes_is_requests_or_refused_and_on_record(examples: int) -> None:
    def serve(pieces: list[bytes]) -> None:
        log = Log()
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.setblocking(False)
            connection = Connection(ours, log.connect(), log, act, LIMITS)
            for piece in pieces:
                if not connection.is_closed:
                    theirs.send(piece[:4000])
                    connection.read()
            if not connection.is_closed:
                theirs.shutdown(socket.SHUT_WR)
                connection.read()
                connection.close("given-up")
        assert log.open_connections == 0
        assert log.in_flight == 0
        assert log.ends("open") == 0
        for record in log.records:
            assert record.ask.target.isascii()
            assert len(record.ask.body) <= LIMITS.body_bytes
        log.to_json()

    fuzz(examples, st.lists(mutated(REQUESTS, MARKS, most=3), max_size=4), serve)
