"""Calls the services that stand beside a judge: a store that answers PING, a page, both also at local sockets.

The guest has a network of its own with nobody in it, and makes no socket but local ones, of which it sees none. The
control leaves that out, and both services answer it.
"""

import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.attacks.battery import Field, Outcome
from tests.attacks.secret_file import secret_file

from djudge.engine.sandbox.contract import Layer

REASON = "EPERM from TCP, ENOENT and ECONNREFUSED from local sockets"

#: Answers each of its callers as Valkey and as a web server would; says where, and ends with its input.
SERVER = r"""
import selectors, socket, sys
path, name = sys.argv[1:]
asked = selectors.DefaultSelector()
asked.register(sys.stdin, selectors.EVENT_READ)
ports = []
for family, address in ((2, ("127.0.0.1", 0)), (2, ("127.0.0.1", 0)), (1, path), (1, "\0" + name)):
    one = socket.socket(family)
    one.bind(address)
    one.listen()
    asked.register(one, selectors.EVENT_READ)
    ports.append(one.getsockname())
__import__("os").chmod(path, 0o777)
print(ports[0][1], ports[1][1], flush=True)
while True:
    for key, _ in asked.select():
        if key.fileobj is sys.stdin:
            sys.exit()
        with key.fileobj.accept()[0] as caller:
            caller.settimeout(2)
            said = caller.recv(100)
            caller.sendall(b"+PONG\r\n" if b"PING" in said else b"HTTP/1.1 200 OK\r\n\r\nhidden checks")
"""
SOURCE = """
import socket
from calls import told

def ask(family, address, question, wanted):
    with socket.socket(family) as one:
        one.settimeout(2)
        one.connect(address)
        one.sendall(question)
        if wanted not in one.recv(100):
            raise ValueError("another answer")

def attack(store, page, path, name):
    ping, get = (b"*1\\r\\n$4\\r\\nPING\\r\\n", b"+PONG"), (b"GET / HTTP/1.1\\r\\n\\r\\n", b"hidden checks")
    return {
        "store": told(ask, socket.AF_INET, ("127.0.0.1", int(store)), *ping),
        "page": told(ask, socket.AF_INET, ("127.0.0.1", int(page)), *get),
        "local": told(ask, socket.AF_UNIX, path, *ping),
        "abstract": told(ask, socket.AF_UNIX, chr(0) + name, *ping),
    }
"""
EXPECTED = {"store": "EPERM", "page": "EPERM", "local": "ENOENT", "abstract": "ECONNREFUSED"}


@contextmanager
def _services(field: Field) -> Iterator[tuple[str, ...]]:
    """Both of them, for a while: the arguments of a program that calls them."""
    name = f"djudge-{secrets.token_hex(8)}"
    with secret_file(field) as secret:
        path = str(secret.parent / "store.sock")
        command = [sys.executable, "-c", SERVER, path, name]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            store, page = server.stdout.readline().split()
            yield store, page, f"/host{path}", name


def attempt(field: Field) -> Outcome:
    with _services(field) as places:
        return field.program(SOURCE, *places).refused(REASON, EXPECTED)


def control(field: Field) -> Outcome:
    with _services(field) as places:
        bare = [Layer.NETWORK, Layer.SECCOMP, Layer.MOUNTS, Layer.LANDLOCK]
        return field.program(SOURCE, *places, without=bare).achieved(list(EXPECTED))
