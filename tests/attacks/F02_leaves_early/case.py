"""Leaves while it is asked: exits well, closes the socket, sends half a frame, a frame of another run, nonsense.

Silence is a fault of the candidate's, by name, and never an answer.
"""

from tests.attacks.battery import Field, Outcome

REASON = "each a fault"
WAYS = {
    "os._exit(0)": "",
    "sys.exit(0)": "",
    "channel().shutdown(socket.SHUT_RDWR); time.sleep(30)": "",
    "channel().sendall(b'A' + struct.pack('>I', 500) + b'{'); os._exit(0)": "",
    'send(b\'A\', b\'{"run":"other","id":1,"status":200,"headers":[]}\')': "",
    "send(b'A', b'{\"id\":NaN}')": "",
    "send(b'A', b'[' * 40000)": "",
    "send(b'?', b'{}')": "",
    "channel().sendall(b'B' + b'\\xff' * 4)": "",
}
SOURCE = """
import gc, os, socket, struct, sys, time


def channel():
    return next(one for one in gc.get_objects() if isinstance(one, socket.socket) and one.fileno() >= 0)


def send(kind, content):
    channel().sendall(struct.pack(">cI", kind, len(content)) + content)
    time.sleep(30)


def attack():
    {way}
    return "done"
"""
#: What each may be called: it left, or said what has no place.
FAULTS = {"died", "exited", "protocol", "closed", "bad_answer"}


def attempt(field: Field) -> Outcome:
    ended = {way: _ending(field, way) for way in WAYS}
    other = {way: kind for way, kind in ended.items() if kind not in FAULTS}
    answered = [way for way, kind in other.items() if kind == "answered"]
    return Outcome(succeeded=bool(answered), reason=f"{other}" if other else REASON)


def _ending(field: Field, way: str) -> str:
    tried = field.attack(SOURCE.replace("{way}", way))
    return tried.stopped_by or ("answered" if tried.said == "done" else "no answer")


def control(field: Field) -> Outcome:
    """The same guest that does nothing of it answers."""
    kind = _ending(field, "pass")
    return Outcome(succeeded=kind == "answered", reason=kind)
