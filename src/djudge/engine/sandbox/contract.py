"""What the rest of the engine knows of the sandbox: limits, layers, requests, answers and endings. No behaviour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final, Literal, Protocol

from djudge.engine.errors import TaskFault

type Reason = Literal[
    "stopped",
    "exited",
    "signal",
    "wall_limit",
    "cpu_limit",
    "memory_limit",
    "process_limit",
    "output_limit",
    "protocol",
    "unreadable",
]
REASONS: Final[frozenset[str]] = frozenset(Reason.__value__.__args__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one guest may use, all its processes together. A limit that is not above zero is the task
    author's fault.

    `output_kb` is what is kept of stdout and stderr; more is drained, counted and thrown away, and 64 times
    as much ends the guest. `request_seconds` is the time for one answer, `wall_seconds` that of the guest's
    whole life.
    """

    wall_seconds: float = 60.0
    cpu_seconds: float = 30.0
    memory_mb: int = 512
    processes: int = 64
    disk_mb: int = 64
    inodes: int = 4096
    output_kb: int = 256
    response_mb: int = 4
    request_seconds: float = 10.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not math.isfinite(value) or value <= 0:
                raise TaskFault(f"The limit {field.name} is {value}.", "A limit is a number above zero.")


class Layer(StrEnum):
    """One wall of the jail. A test leaves one out to prove that the attack works without it, and nobody else does."""

    MOUNTS = "mounts"
    PIDS = "pids"
    NETWORK = "network"
    IPC = "ipc"
    UTS = "uts"
    IDENTITY = "identity"
    NO_NEW_PRIVS = "no_new_privs"
    RLIMITS = "rlimits"
    LANDLOCK = "landlock"
    SECCOMP = "seccomp"
    WATCHDOG = "watchdog"
    DESCRIPTORS = "descriptors"


class User(Protocol):
    """Who a guest is when the judge is root."""

    @property
    def uid(self) -> int: ...
    @property
    def gid(self) -> int: ...


class Aside(Protocol):
    """Work of the judge's own that goes on while it waits for a guest, such as a service that the guest calls."""

    def fileno(self) -> int:
        """A descriptor that becomes readable when there is something to do."""

    @property
    def due(self) -> float | None:
        """When there is something to do though nothing came: a `time.monotonic()` value."""

    def step(self) -> None:
        """Do what there is to do, a little of it, and never wait."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A user for guests when the judge is root. No server and no other slot may have the same one."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the judge asks the guest's application. `target` is the path with its query, as on the request line."""

    method: str = "GET"
    target: str
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back. `truncated`: the body was longer than the limit, or broke off in the middle.

    `chunks` is the number of frames that the body came in: more than one for a streamed answer.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    truncated: bool
    chunks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandResult:
    """How a command ended: its exit status and what it printed on both outputs, in order, capped."""

    status: int
    output: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a guest ended, told by its supervisor. `printed` is all that was written, `output` what was kept of it."""

    reason: Reason
    status: int | None
    output: bytes
    printed: int
    peak_memory_kb: int
    peak_processes: int
