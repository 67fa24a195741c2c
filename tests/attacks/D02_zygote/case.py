"""Spoils everything of the interpreter that it shares with its parent: modules, types, small numbers, the C library.

A guest has copies of the zygote's pages, and no page that both could write. The control spoils the same, and looks for
it in a process forked from the spoiled one, as the next guest would be if the zygote were the one that ran it.
"""

from contextlib import suppress
from pathlib import Path

import psutil
from tests.attacks.battery import Field, Outcome

REASON = "the next guest finds nothing spoilt, and no page is shared for writing"

COMMON = r"""
import builtins, ctypes, gc, os, random, signal, sys, threading, time

def spoil():
    import json
    sys.modules["decimal"] = "spoilt"
    sys.path.insert(0, "/tmp")
    sys.meta_path.insert(0, None)
    builtins.SPOILT = True
    os.environ["SPOILT"] = "1"
    json.dumps = lambda *arguments: "spoilt"
    len_of = ctypes.cast(id(257 - 1), ctypes.POINTER(ctypes.c_uint32))
    words = ctypes.string_at(id(256), sys.getsizeof(256))
    place = words.index((256).to_bytes(4, "little"), 16)
    ctypes.memmove(id(256) + place, (42).to_bytes(4, "little"), 4)
    text = ctypes.string_at(id("django"), 200).index(b"django")
    ctypes.memmove(id("django") + text, b"spoilt", 6)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.umask(0)
    gc.disable()
    sys.settrace(None)
    sys.setrecursionlimit(50_000)
    threading.current_thread().name = "spoilt"

def looked():
    return {
        "modules": "decimal" in sys.modules and isinstance(sys.modules["decimal"], str),
        "path": "/tmp" in sys.path,
        "finders": None in sys.meta_path,
        "builtins": hasattr(builtins, "SPOILT"),
        "environment": "SPOILT" in os.environ,
        "function": __import__("json").dumps is not None and __import__("json").dumps.__name__ == "<lambda>",
        "number": int("200") + int("56") != int("25") * 10 + 6 or str(int("255") + 1) != "2" + "56",
        "text": "".join(chr(ord(one)) for one in "django") != "".join(map(chr, (100, 106, 97, 110, 103, 111))),
        "signals": signal.getsignal(signal.SIGTERM) == signal.SIG_IGN,
        "collector": not gc.isenabled(),
        "recursion": sys.getrecursionlimit() == 50_000,
        "thread": threading.current_thread().name == "spoilt",
    }
"""
SPOILING = (
    COMMON
    + """
def attack():
    spoil()
    os.write(1, b"spoilt")
    os._exit(0)
"""
)
LOOKING = (
    COMMON
    + """
def attack():
    return looked()
"""
)
INHERITING = (
    COMMON
    + r"""
def attack():
    reading, writing = os.pipe()
    spoil()
    if os.fork() == 0:
        found = [name for name, there in looked().items() if there]
        os.write(1, b"\n\n[" + b", ".join(b'"' + name.encode() + b'"' for name in found) + b"]\n")
        os._exit(0)
    os.wait()
    os._exit(0)
"""
)


def attempt(field: Field) -> Outcome:
    spoiling = field.program(SPOILING)
    if spoiling.ending is None or b"spoilt" not in spoiling.ending.output:
        return Outcome(succeeded=False, reason=f"could not spoil anything: {spoiling}")
    said = field.program(LOOKING).said
    if not isinstance(said, dict):
        return Outcome(succeeded=True, reason="the next guest does not run")
    found = [name for name, there in said.items() if there] + _shared_pages()
    return Outcome(succeeded=bool(found), reason=f"found {found}" if found else REASON)


def _shared_pages() -> list[str]:
    """Pages that a zygote shares with whoever it forks, so that both could write them."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with suppress(OSError, psutil.NoSuchProcess):
            if "djudge.guest.zygote" not in " ".join(process.cmdline()):
                continue
            maps = Path(f"/proc/{process.pid}/maps").read_text().splitlines()
            found += [one for one in maps if one.split()[1] == "rw-s"]
    return found


def control(field: Field) -> Outcome:
    tried = field.program(INHERITING)
    output = tried.ending.output if tried.ending else b""
    found = output.count(b'"') // 2
    return Outcome(succeeded=found == 12, reason=f"{found} of 12: {output[-300:]!r}")
