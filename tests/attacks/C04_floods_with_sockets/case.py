"""With services over TCP: opens connections without end, in many processes, and reads nothing.

Sockets of a guest's network are counted, the judge's ends among them. The service accepts a hundred at once, and goes
on with nobody else.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.served import served

from djudge.engine.sandbox.contract import Layer

REASON = "process_limit"

#: Each of eight children holds a hundred and twenty connections, and waits until all do.
SOURCE = """
import os, socket, time

def hold():
    kept = []
    for _ in range(120):
        one = socket.socket()
        one.setblocking(False)
        one.connect_ex(("127.0.0.1", 8001))
        kept.append(one)
    os.write(told, b".")
    time.sleep(8)

def attack():
    global told
    seen, told = os.pipe()
    for _ in range(8):
        if os.fork() == 0:
            hold()
            os._exit(0)
    done = b""
    while len(done) < 8:
        done += os.read(seen, 8)
    time.sleep(0.3)
    return "held 960"
"""


def attempt(field: Field) -> Outcome:
    tried, _ = served(field, SOURCE)
    return tried.held(REASON)


def control(field: Field) -> Outcome:
    tried, traffic = served(field, SOURCE, without=[Layer.WATCHDOG])
    return Outcome(succeeded=tried.said == "held 960" and traffic.peak_connections >= 100, reason=str(tried.said))
