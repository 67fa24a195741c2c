"""What the judge orders from a zygote: one guest. Written by the judge, read by the supervisor of that guest.

An order has two parts. The plan of its jail is the same for all guests of a slot, so a jail can be raised before
anybody has asked for it. The rest (the tree, the entry, the login) makes it a guest.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from djudge.guest.wire import Json

_LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The limits of one guest, as the supervisor and the guest need them."""

    wall_seconds: float
    cpu_seconds: float
    memory_mb: int
    processes: int
    disk_mb: int
    inodes: int
    output_kb: int
    response_mb: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JailPlan:
    """The walls of one guest. `folder` is set only without a jail; `without` names layers that a test leaves out.

    `ports` are the doors in them: ports of the guest's own loopback on which the judge listens.
    """

    disk_mb: int
    inodes: int
    identity: tuple[int, int] | None = None
    folder: str | None = None
    without: frozenset[str] = field(default_factory=frozenset)
    ports: tuple[int, ...] = ()

    @property
    def isolated(self) -> bool:
        """Whether there is a jail at all."""
        return self.folder is None

    def has(self, layer: str) -> bool:
        """Whether this layer is to be built."""
        return self.isolated and layer not in self.without

    def to_json(self) -> str:
        """As it goes to the zygote; equal plans have equal texts."""
        return json.dumps(asdict(self) | {"without": sorted(self.without)}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str | bytes) -> JailPlan:
        """Back from `to_json`."""
        fields = json.loads(text)
        fields["without"] = frozenset(fields["without"])
        fields["ports"] = tuple(fields["ports"])
        fields["identity"] = tuple(fields["identity"]) if fields["identity"] else None
        return cls(**fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a jail that stands is to hold: one guest.

    The socket folder is part of it and not of the plan: a server that starts anew has a new folder at the same place,
    and a jail that stands would still hold the old one.
    """

    run: str
    entry: dict[str, Json]
    environ: dict[str, str]
    bounds: Bounds
    socket_folder: str | None = None


def write(target: int, order: Order, tree: Mapping[str, bytes]) -> None:
    """Write an order and the files of its tree to a descriptor."""
    files = [[path, len(content)] for path, content in tree.items()]
    header = json.dumps({"order": asdict(order), "files": files}).encode()
    with os.fdopen(target, "wb", closefd=False) as stream:
        stream.write(_LENGTH.pack(len(header)) + header)
        for content in tree.values():
            stream.write(content)


def read(source: int) -> tuple[Order, list[tuple[str, int]], int]:
    """The order, its files' names and sizes, and where in `source` the first file's content begins."""
    (length,) = _LENGTH.unpack(os.pread(source, _LENGTH.size, 0))
    header = json.loads(os.pread(source, length, _LENGTH.size))
    fields = header["order"]
    fields["bounds"] = Bounds(**fields["bounds"])
    return Order(**fields), [(path, size) for path, size in header["files"]], _LENGTH.size + length


def contents(source: int, files: list[tuple[str, int]], start: int) -> Iterator[tuple[str, bytes]]:
    """Each file of the tree with its content."""
    at = start
    for path, size in files:
        yield path, os.pread(source, size, at)
        at += size
