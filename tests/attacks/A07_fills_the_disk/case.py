"""Fills everything that may be written: a big file, a sparse file, very many files, deep folders with long names.

Each place is a tmpfs with a size and a number of inodes, and no file may be longer than that (RLIMIT_FSIZE). No
layer is left out in the control, because the places are what they are; the same is tried where there is room for it.
"""

import dataclasses

from tests.attacks.battery import SMALL, Field, Outcome

REASON = "EFBIG and ENOSPC from writing"
TIGHT = dataclasses.replace(SMALL, disk_mb=4, inodes=200)
ROOMY = dataclasses.replace(SMALL, disk_mb=64, inodes=4096)
EXPECTED = {
    "big file": "EFBIG", "sparse file": "EFBIG", "many big files": "ENOSPC", "many files": "ENOSPC",
    "deep folders": "ENOSPC", "reserved": "EFBIG",
}  # fmt: skip

SOURCE = """
import os, shutil
from calls import told

def write(path, length):
    with open(path, "wb", buffering=0) as file:
        while length > 0:
            length -= file.write(bytes(min(length, 2**20)))

def sparse():
    with open("/tmp/sparse", "wb") as file:
        file.truncate(40 * 2**20)

def reserve():
    with open("/tmp/reserved", "wb") as file:
        os.posix_fallocate(file.fileno(), 0, 8 * 2**20)

def many_big():
    for number in range(6):
        write(f"/tmp/part{number}", 2**20)

def many():
    for number in range(300):
        open(f"/tmp/{number}", "wb").close()

def deep():
    home = os.open("/tmp", os.O_RDONLY)
    try:
        for number in range(300):
            os.mkdir("d" * 255)
            os.chdir("d" * 255)
    finally:
        os.fchdir(home)

def clean():
    for entry in os.scandir("/tmp"):
        shutil.rmtree(entry.path) if entry.is_dir() else os.unlink(entry.path)

def attack():
    os.chdir("/tmp")
    said = {}
    for name, step in {
        "big file": lambda: write("/tmp/big", 5 * 2**20), "sparse file": sparse, "many big files": many_big,
        "many files": many, "reserved": reserve, "deep folders": deep,
    }.items():
        said[name] = told(step)
        if name != "deep folders":
            clean()
    return said
"""


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE, limits=TIGHT).refused(REASON, EXPECTED)


def control(field: Field) -> Outcome:
    return field.program(SOURCE, limits=ROOMY).achieved(list(EXPECTED))
