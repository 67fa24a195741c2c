"""With services over TCP: asks the judge's service without end, so that it has no room for what it should see.

A service takes so many requests in its life, closes, and says that it was flooded: a judge of a task can't take what is
missing from its record for what did not happen. The control has a service that takes more.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.served import WORD, served

from djudge.engine.probes.services import ServiceLimits

REASON = "flooded after 2000 requests"

SOURCE = """
import socket

def attack():
    answers = 0
    with socket.create_connection(("127.0.0.1", 8001), 4) as one:
        stream = one.makefile("rb")
        for _ in range(2_500):
            try:
                one.sendall(b"GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
                while stream.readline() not in (b"\\r\\n", b""):
                    pass
                answers += stream.read(6) == b"served"
            except OSError:
                break
    return answers
"""


def attempt(field: Field) -> Outcome:
    tried, traffic = served(field, SOURCE)
    succeeded = not traffic.flooded or not isinstance(tried.said, int) or tried.said > traffic.number
    return Outcome(succeeded=succeeded, reason=f"flooded after {traffic.number} requests")


def control(field: Field) -> Outcome:
    tried, traffic = served(field, SOURCE, of_service=ServiceLimits(requests=5_000))
    return Outcome(succeeded=tried.said == 2_500 and not traffic.flooded, reason=f"{tried.said} {WORD.decode()}")
