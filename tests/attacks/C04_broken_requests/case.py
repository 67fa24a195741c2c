"""With services over TCP: sends the judge's service requests that break or never end, and reads no answer.

Each is refused, or waits alone: an honest caller is answered in the middle of them. The control has a service that
takes larger requests.
"""

from tests.attacks.battery import Attempted, Field, Outcome
from tests.attacks.served import served

from djudge.engine.probes.services import ServiceLimits

REASON = "400 for what is no request, silence for what never ends, and an honest caller is answered"

SOURCE = """
import socket

GET = b"GET / HTTP/1.1\\r\\nHost: x\\r\\n"
POST = b"POST / HTTP/1.1\\r\\nHost: x\\r\\n"
kept = []

def ask(*pieces):
    one = socket.create_connection(("127.0.0.1", 8001), 4)
    kept.append(one)
    try:
        for piece in pieces:
            one.sendall(piece)
        return one.recv(12).decode()[-3:] or "closed"
    except TimeoutError:
        return "silence"
    except OSError:
        return "closed"

def keep(*pieces):
    one = socket.create_connection(("127.0.0.1", 8001), 4)
    kept.append(one)
    one.settimeout(0.5)
    try:
        for piece in pieces:
            one.sendall(piece)
    except OSError:
        pass

def attack():
    for _ in range(20):
        keep(GET)
    keep(*[GET + b"\\r\\n"] * 1_500)
    keep(POST + b"Transfer-Encoding: chunked\\r\\n\\r\\n", b"1\\r\\nx\\r\\n" * 10)
    return {
        "no HTTP": ask(b"\\x16\\x03\\x01\\x02 hello\\r\\n\\r\\n"),
        "two lengths": ask(POST + b"Content-Length: 1\\r\\nContent-Length: 2\\r\\n\\r\\nx"),
        "both ways": ask(POST + b"Content-Length: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n"),
        "long head": ask(GET, b"a: b\\r\\n" * 8_000, b"\\r\\n"),
        "long body": ask(POST + b"Content-Length: 300000\\r\\n\\r\\n", b"x" * 300_000),
        "honest": ask(GET + b"\\r\\n"),
    }
"""
LARGE = ("long head", "long body")


def attempt(field: Field) -> Outcome:
    tried, traffic = served(field, SOURCE)
    said = _said(tried)
    refused = all(answer in ("400", "closed") for name, answer in said.items() if name != "honest")
    if not said or not refused or said["honest"] != "200" or traffic.garbage < len(said) - 1:
        return Outcome(succeeded=True, reason=f"{said} {traffic.garbage}")
    return Outcome(succeeded=False, reason=REASON)


def control(field: Field) -> Outcome:
    tried, _ = served(field, SOURCE, of_service=ServiceLimits(head_bytes=100_000, body_bytes=400_000))
    said = _said(tried)
    return Outcome(succeeded=bool(said) and all(said[name] == "200" for name in LARGE), reason=str(said))


def _said(tried: Attempted) -> dict[str, str]:
    return tried.said if isinstance(tried.said, dict) else {}
