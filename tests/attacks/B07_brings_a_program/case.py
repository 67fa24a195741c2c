"""Runs or loads a compiled program that it brought along.

Where a guest may write, nothing may be executed or mapped as code; memory files are refused. In the control, without
the root and Landlock, the same program runs from a folder of the host.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.secret_file import secret_file

from djudge.engine.sandbox.contract import Layer

REASON = "EACCES from exec, EPERM from the loader and memfd"

SOURCE = """
import ctypes, glob, os, shutil, sys
from calls import in_child, told

def library():
    return sorted(glob.glob("/lib/x86_64-linux-gnu/libz.so.1*") + glob.glob("/usr/lib*/libz.so.1*")
                  + glob.glob("/usr/lib/x86_64-linux-gnu/libm.so*") + glob.glob("/lib*/libm.so*"))[0]

def load(path):
    try:
        ctypes.CDLL(path)
    except OSError as error:
        raise PermissionError(1, str(error)) if "failed to map segment" in str(error) else error

def run(path):
    os.execv(path, [path, "-I", "-S", "-c", "pass"])

def in_memory():
    with open(os.memfd_create("program"), "wb", closefd=False) as file:
        file.write(b"")

def attack(folder):
    shutil.copyfile(os.path.realpath(sys.executable), f"{folder}/program")
    shutil.copyfile(library(), f"{folder}/library.so")
    for name in ("program", "library.so"):
        os.chmod(f"{folder}/{name}", 0o755)
    return {
        "exec": in_child(run, f"{folder}/program").replace("exit 0", ""),
        "load": told(load, f"{folder}/library.so"),
        "memfd": told(in_memory),
    }
"""


def attempt(field: Field) -> Outcome:
    expected = {"exec": "EACCES", "load": "EPERM", "memfd": "EPERM"}
    tmp = field.program(SOURCE, "/tmp").refused(REASON, expected)
    if tmp.succeeded or tmp.reason != REASON:
        return tmp
    return field.program(SOURCE, "/dev/shm").refused(REASON, expected)


def control(field: Field) -> Outcome:
    with secret_file(field) as secret:
        bare = [Layer.MOUNTS, Layer.LANDLOCK]
        return field.program(SOURCE, f"/host{secret.parent}", without=bare).achieved(["exec", "load"])
