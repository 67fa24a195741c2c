"""Looks for anything by which implementations could be recognised: names, text, digests, byte code, files, objects.

All of it goes into one text, by which the implementation is called: so what each of them looked like is compared.
"""

import secrets
from collections.abc import Callable

from tests.attacks.battery import Field, Outcome
from tests.attacks.tried import STUB, bench, reading

REASON = "all look the same"
LOOKING = """
import gc
import hashlib
import os
import sys
import types
import unittest

from catalogue import doubling


def digest(content):
    return hashlib.sha256(content).hexdigest()[:16]


def files():
    for folder, folders, names in os.walk("."):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".pyc"):
                continue
            path = os.path.join(folder, name)
            facts = os.stat(path)
            with open(path, "rb") as file:
                yield path, digest(file.read()), oct(facts.st_mode), facts.st_size


def code(function):
    inner = function.__code__
    return inner.co_filename, inner.co_firstlineno, digest(inner.co_code), inner.co_consts, inner.co_names


def texts(kept):
    for one in gc.get_objects():
        members = one.values() if type(one) is dict else one if type(one) in (list, tuple) else ()
        yield from (member for member in members if type(member) is str and kept in member)


def looks():
    yield "files", digest(repr(list(files())).encode())
    yield "code", code(doubling.double), code(doubling.connect)
    yield "spec", doubling.__name__, doubling.__file__, sorted(vars(doubling)), doubling.__spec__.loader.__class__
    yield "asked", doubling._ask.__name__, doubling._ask.__doc__, code(doubling._ask)
    yield "process", os.getpid(), os.getcwd(), sys.argv, sorted(os.environ)
    yield "modules", len(sys.modules), digest(repr(sorted(sys.modules)).encode())
    frame = sys._getframe()
    while frame.f_code.co_qualname != "supervise":  # below it, how guests are kept ready: the same for all submissions
        yield "frame", frame.f_code.co_qualname, sorted(frame.f_locals)
        frame = frame.f_back
    yield "named", sorted(set(texts("".join(["MARK", "-OF-A-NAME"]))))


class LookingTests(unittest.TestCase):
    def test_it(self):
        doubling.double(repr(list(looks())))
"""


def _look(field: Field, stub: Callable[[str], bytes]) -> list[str]:
    """What the tests see over each of several implementations, of which every second one is right."""
    mark, found = secrets.token_hex(8), []

    def note(number: object) -> object:
        found.append(str(number))
        return number

    source = LOOKING.replace('"MARK", "-OF-A-NAME"', f'"{mark[:8]}", "{mark[8:]}"')
    for number in range(2):
        right, broken = {f"{mark} right {number}": note}, {f"{mark} broken {number}": note}
        reading(field, source, bench(right, broken, stub(f"{mark} {number}")))
    return found


def attempt(field: Field) -> Outcome:
    found = _look(field, lambda name: STUB)
    named = any("'named', []" not in one for one in found)
    if len(found) != 6 or named or len(set(found)) > 1:
        return Outcome(succeeded=True, reason=f"{len(found)} looks, {len(set(found))} different, named: {named}")
    return Outcome(succeeded=False, reason=REASON)


def control(field: Field) -> Outcome:
    """A name in the text of the module is seen at once."""
    found = _look(field, lambda name: STUB + f"\n\nIMPLEMENTATION = '{name}'\n".encode())
    return Outcome(succeeded=len(set(found)) == 2, reason=f"{len(set(found))} different of {len(found)}")
