"""Reaches out by TCP, UDP, IPv6 and names, and for the metadata address of a cloud.

The filter refuses to make a socket of any family but the local one, at once, so that nothing is ever sent. The control
reaches servers of the test's own on the loopback.
"""

import socket

from tests.attacks.battery import Field, Outcome
from tests.attacks.listeners import loopback

from djudge.engine.sandbox.contract import Layer

REASON = "EPERM from socket"

SOURCE = """
import socket
from calls import told

def tcp(family, *address):
    with socket.socket(family, socket.SOCK_STREAM) as one:
        one.settimeout(1)
        one.connect(address)

def udp(family, *address):
    with socket.socket(family, socket.SOCK_DGRAM) as one:
        one.sendto(b"secret", address)

def beyond():
    return {
        "metadata": told(tcp, socket.AF_INET, "169.254.169.254", 80),
        "metadata, UDP": told(udp, socket.AF_INET, "169.254.169.254", 80),
        "metadata, IPv6": told(tcp, socket.AF_INET6, "fd00:ec2::254", 80),
        "DNS, UDP": told(udp, socket.AF_INET, "127.0.0.53", 53),
        "DNS, TCP": told(tcp, socket.AF_INET, "127.0.0.53", 53),
        "ping": told(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP).close()),
        "name": told(socket.getaddrinfo, "example.invalid", 80),
        "listen": told(lambda: socket.create_server(("127.0.0.1", 0)).close()),
    }

def attack(tcp_port, udp_port, whole):
    said = beyond() if whole else {}
    return said | {
        "TCP": told(tcp, socket.AF_INET, "127.0.0.1", int(tcp_port)),
        "UDP": told(udp, socket.AF_INET, "127.0.0.1", int(udp_port)),
        "IPv6": told(tcp, socket.AF_INET6, "::1", int(tcp_port)),
    }
"""
TRIES = (
    "metadata", "metadata, UDP", "metadata, IPv6", "DNS, UDP", "DNS, TCP", "ping", "listen", "TCP", "UDP", "IPv6"
)  # fmt: skip


def attempt(field: Field) -> Outcome:
    with loopback() as servers:
        tried = field.program(SOURCE, *servers.ports, "whole")
        if servers.reached():
            return Outcome(succeeded=True, reason="a server of the test was reached")
    #: A name is not even asked for: the C library finds no way to ask.
    return tried.refused(REASON, dict.fromkeys(TRIES, "EPERM") | {"name": _error_of_names(tried.said)})


def control(field: Field) -> Outcome:
    with loopback() as servers:
        bare = [Layer.NETWORK, Layer.SECCOMP, Layer.LANDLOCK]
        tried = field.program(SOURCE, *servers.ports, "", without=bare)
        reached = servers.reached()
    outcome = tried.achieved(["TCP", "UDP"])
    return Outcome(succeeded=outcome.succeeded and reached == {"TCP", "UDP"}, reason=outcome.reason or str(reached))


def _error_of_names(said: object) -> str:
    """Resolvers name their error in many ways; what counts is that it is one."""
    name = said.get("name") if isinstance(said, dict) else None
    known = {"gaierror", "EPERM", *(one for one in dir(socket) if one.startswith("EAI_"))}
    return str(name) if name and (name in known or name.startswith("E")) else "an error of the resolver"
