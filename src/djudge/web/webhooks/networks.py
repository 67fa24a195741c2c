"""Whom we may call: addresses of the public internet, and private networks that the operator named.

A team types the address, and our machine stands where theirs does not: beside databases, metadata services and other
teams. So each address that a name leads to is held against the registries of special addresses before it is called.
"""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

import httpx
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

type IP = IPv4Address | IPv6Address

#: Ports below this are those of other services, and one of ours could be made to speak to them.
FIRST_FREE_PORT: Final = 1024
LAST_PORT: Final = 65535
WEB_PORTS: Final = {"http": 80, "https": 443}


class RefusedAddressError(ValueError):
    """An address that we don't call; the message says why. The fault of whoever typed it, or of their name server."""


_NAME: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?", re.IGNORECASE)

_PRIVATE = gettext_lazy("a private network")
_SELF = gettext_lazy("this machine itself")
_LINK = gettext_lazy("the local link, where clouds keep their metadata")
_METADATA = gettext_lazy("a cloud's metadata")
_MULTICAST = gettext_lazy("multicast")
_RESERVED = gettext_lazy("reserved")
_ZERO = gettext_lazy("no address at all")
_DOCUMENTS = gettext_lazy("for documents and measurements")
_TUNNEL = gettext_lazy("a tunnel into another network")

#: The first that fits names the reason.
_SPECIAL: Final = [
    (ip_network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", _ZERO), ("127.0.0.0/8", _SELF), ("169.254.0.0/16", _LINK), ("10.0.0.0/8", _PRIVATE),
        ("172.16.0.0/12", _PRIVATE), ("192.168.0.0/16", _PRIVATE), ("100.64.0.0/10", _PRIVATE),
        ("168.63.129.16/32", _METADATA), ("192.0.0.0/24", _RESERVED), ("192.0.2.0/24", _DOCUMENTS),
        ("198.51.100.0/24", _DOCUMENTS), ("203.0.113.0/24", _DOCUMENTS), ("198.18.0.0/15", _DOCUMENTS),
        ("192.88.99.0/24", _TUNNEL), ("224.0.0.0/4", _MULTICAST), ("240.0.0.0/4", _RESERVED),
        ("::/128", _ZERO), ("::1/128", _SELF), ("fe80::/10", _LINK), ("fec0::/10", _PRIVATE), ("fc00::/7", _PRIVATE),
        ("ff00::/8", _MULTICAST), ("2001:db8::/32", _DOCUMENTS), ("3fff::/20", _DOCUMENTS), ("2002::/16", _TUNNEL),
        ("2001::/32", _TUNNEL), ("64:ff9b:1::/48", _PRIVATE), ("2001::/23", _RESERVED),
    )
]  # fmt: skip
_UNICAST: Final = IPv6Network("2000::/3")
#: What stands behind it is an address of version 4, to which a gateway of the network leads.
_NAT64: Final = IPv6Network("64:ff9b::/96")


def checked(address: str) -> httpx.URL:
    """The address that somebody typed, if its form is one that we call. Asks nobody; names are looked up when it is
    called. Raises RefusedAddressError.
    """
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError) as error:
        raise RefusedAddressError(_("This is no address. It begins with https://.")) from error
    host = url.raw_host.decode("ascii")
    if url.scheme not in WEB_PORTS or not host:
        raise RefusedAddressError(_("The address has to begin with https:// or http://."))
    literal = _literal(host)
    if literal is None and not _NAME.fullmatch(host):
        raise RefusedAddressError(_("%(host)s is no name of a machine.") % {"host": url.host[:100]})
    if url.userinfo:
        raise RefusedAddressError(_("Please leave name and password out: messages are signed instead."))
    port = port_of(url)
    if port not in WEB_PORTS.values() and not FIRST_FREE_PORT <= port <= LAST_PORT:
        raise RefusedAddressError(
            _("Port %(port)s is not called: 80, 443, and those from 1024 on are.") % {"port": port}
        )
    if literal is not None:
        require_public(literal)
    return url


def port_of(url: httpx.URL) -> int:
    """The port, said or not."""
    return url.port if url.port is not None else WEB_PORTS[url.scheme]


def _literal(host: str) -> IP | None:
    """The address that a host is without being looked up, in whatever way it is written: 127.1 is one."""
    if host.rstrip(".").lower().rpartition(".")[2] == "localhost":
        return IPv4Address("127.0.0.1")
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeEncodeError):
        return None


def require_public(ip: IP) -> None:
    """RefusedAddressError, with the reason, for an address that is neither public nor named by the operator."""
    reason = why_not(ip)
    if reason:
        raise RefusedAddressError(
            _("%(ip)s is not called: it is %(reason)s. The operator can allow a network by WEBHOOK_NETWORKS.")
            % {"ip": ip, "reason": reason}
        )


def why_not(ip: IP) -> str:
    """Why an address is not called; empty for one that is. Pure but for the operator's networks."""
    inner = _inner(ip)
    if any(inner in network for network in _allowed()):
        return ""
    for network, reason in _SPECIAL:
        if inner in network:
            return str(reason)
    if isinstance(inner, IPv6Address) and inner not in _UNICAST:
        return str(_RESERVED)
    return "" if inner.is_global else str(_RESERVED)


def _inner(ip: IP) -> IP:
    """The address that is meant where one of version 4 is written as one of version 6, by mapping or for NAT64."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def _allowed() -> list[IPv4Network | IPv6Network]:
    return [ip_network(each) for each in settings.WEBHOOK_NETWORKS]


def look_up(host: str, port: int) -> list[str]:
    """Every address of a name, each of them checked: one that is not public refuses the name.

    Raises RefusedAddressError, OSError where the name is not known. Waits for the machine's name server.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    for each in addresses:
        require_public(ip_address(each))
    return addresses
