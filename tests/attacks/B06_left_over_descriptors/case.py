"""Looks for descriptors that the judge left open, and for its sockets among all objects of the interpreter.

All but the three standard ones and the socket to the judge are closed, and each of these leads only to the
supervisor or the judge. In the control the zygote's are still there.
"""

from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "only 0 to 3, and none that leads elsewhere"

SOURCE = """
import gc, os, socket, stat

def kind(number):
    mode = os.fstat(number).st_mode
    names = ("FIFO", "SOCK", "CHR", "REG", "DIR", "LNK", "BLK")
    return next(name for name in names if getattr(stat, f"S_IS{name}")(mode))

def attack():
    gc.unfreeze()
    found = {}
    for number in range(1024):
        try:
            found[str(number)] = kind(number)
        except OSError:
            continue
    sockets = [one.fileno() for one in gc.get_objects() if isinstance(one, socket.socket)]
    return {"open": found, "sockets": sorted(number for number in set(sockets) if str(number) in found)}
"""
EXPECTED = {"open": {"0": "CHR", "1": "FIFO", "2": "FIFO", "3": "SOCK"}, "sockets": [3]}


def attempt(field: Field) -> Outcome:
    tried = field.program(SOURCE)
    if tried.said is None:
        return Outcome(succeeded=False, reason=tried.stopped_by)
    return Outcome(succeeded=tried.said != EXPECTED, reason=REASON if tried.said == EXPECTED else str(tried.said))


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, without=[Layer.DESCRIPTORS])
    count = len(tried.said["open"]) if tried.said else 0
    return Outcome(succeeded=count > 4, reason=f"{count} descriptors")
