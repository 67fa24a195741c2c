"""Searches its own memory, which is a copy of the zygote's, for paths and secrets that the judge forgot there.

The zygote is started with a clean environment and forgets every order. Addresses are probed by `write`, which fails
where nothing is mapped. In the control the same search finds what was handed over as an argument.
"""

import compileall
import dataclasses

from tests.attacks.battery import CHECKOUT, SMALL, Field, Outcome
from tests.attacks.secret_file import secret_file

REASON = "nothing to find"
LIMITS = dataclasses.replace(SMALL, cpu_seconds=10)

SOURCE = """
import ctypes, gc, os

TURN = bytes(255 - value for value in range(256))
PAGE, PIECE, ARENA = 2**12, 2**16, 2**20

libc = ctypes.CDLL(None)
libc.sbrk.restype = ctypes.c_void_p
libc.write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]

def mapped(address, pipe):
    reading, writing = pipe
    found, at = b"", address
    while at < address + PIECE:
        written = libc.write(writing, at, address + PIECE - at)
        if written > 0:
            found += os.read(reading, written)
        at += max(written, 0) or PAGE
    return found

def places():
    gc.unfreeze()
    objects = gc.get_objects()
    arenas = {id(one) // ARENA for one in objects} | {id(name) // ARENA for one in objects for name in _named(one)}
    for arena in sorted(arenas):
        yield from range(arena * ARENA, (arena + 1) * ARENA, PIECE)
    top = libc.sbrk(0) // PIECE * PIECE + PIECE
    yield from range(top - 2**25, top, PIECE)

def _named(one):
    return list(one) + list(one.values()) if type(one) is dict else ()

def attack(*turned):
    texts = [bytes.fromhex(text) for text in turned if not text.startswith("plain:")]
    pipe, before, found, looked = os.pipe(), b"", set(), 0
    os.set_blocking(pipe[1], False)
    for address in places():
        piece = mapped(address, pipe).translate(TURN)
        looked += bool(piece)
        found |= {number for number, text in enumerate(texts) if text in before[-200:] + piece}
        before = piece
    return {"looked": looked, "found": sorted(found)}
"""


def attempt(field: Field) -> Outcome:
    # Compiled files name our folder; they are there wherever our code has run before.
    compileall.compile_dir(CHECKOUT / "src" / "djudge" / "guest", quiet=2)
    with secret_file(field) as secret:
        tried = field.program(SOURCE, *_turned(field), limits=LIMITS, socket_folder=secret.parent)
    if tried.said is None or tried.said["looked"] < 20:
        return Outcome(succeeded=False, reason=f"{tried.stopped_by} {tried.said or tried.ending}")
    found = tried.said["found"]
    return Outcome(succeeded=bool(found), reason=str(found) if found else REASON)


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, *_turned(field), f"plain:{field.canary}", limits=LIMITS)
    found = tried.said["found"] if tried.said else []
    return Outcome(succeeded=found == [1], reason=tried.stopped_by or str(tried.said))


def _turned(field: Field) -> list[str]:
    plain = (f"{CHECKOUT}/", field.canary)
    return [bytes(255 - value for value in text.encode()).hex() for text in plain]
