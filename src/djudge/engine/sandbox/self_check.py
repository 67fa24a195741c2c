"""Tries every layer of the jail on this machine: builds real guests, and lets them attempt what a layer
forbids.

`djudge doctor` shows the reports; whoever is about to run a candidate's code calls `require_all`. No
candidate code runs here, so one of the guests may have layers left out, to see the others alone.
"""

from __future__ import annotations

import json
import os
import socket
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

from djudge.engine.errors import CandidateFault, DjudgeError, InfrastructureError, SandboxUnavailable
from djudge.engine.sandbox.contract import Identity, Layer, Limits
from djudge.engine.sandbox.cures import cure_for
from djudge.engine.sandbox.doors import PORTS
from djudge.engine.sandbox.sandbox import Sandbox
from djudge.engine.values import Json

type Entry = dict[str, Json]

#: A user that no slot and no person has.
_USER: Final = Identity(1_869_999_999, 1_869_999_999)
_LIMITS: Final = Limits(wall_seconds=20, cpu_seconds=10, memory_mb=256, processes=8)
_SHORT: Final = Limits(wall_seconds=20, cpu_seconds=0.2, memory_mb=256, processes=8)
_BARE: Final = frozenset({Layer.MOUNTS, Layer.LANDLOCK, Layer.SECCOMP})
_NAMESPACES: Final = {Layer.NETWORK: "net", Layer.IPC: "ipc", Layer.PIDS: "pid", Layer.UTS: "uts"}
_BURN: Final = b"while True:\n    pass\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerReport:
    """What happened when one layer was tried. `cure` is for the operator, and empty where the layer works."""

    layer: str
    works: bool
    why: str
    cure: str = ""


def check_layers() -> list[LayerReport]:
    """Try every layer, in about a third of a second. Never raises for a layer that is missing: it says so."""
    try:
        with tempfile.TemporaryDirectory(prefix="djudge-check-") as folder:
            os.chmod(folder, 0o755)  # noqa: S103 (empty, and the guest's user has to see that it is there)
            return [*_inside(Path(folder)), *_outside(Path(folder))]
    except SandboxUnavailable as error:
        return [_report(error.layer, False, error.what)]
    except (CandidateFault, InfrastructureError, OSError) as error:
        return [_report("sandbox", False, str(error))]


def check_services() -> LayerReport:
    """Try what only tasks with services over TCP need; others can be graded where it does not work."""
    try:
        with tempfile.TemporaryDirectory(prefix="djudge-check-") as folder:
            os.chmod(folder, 0o755)  # noqa: S103 (as above)
            with _sandbox(Path(folder)) as sandbox:
                works, why = _ask(sandbox, "services", str(PORTS[0]), ports=PORTS[:1])["services"]
                return _report(Layer.NETWORK, works, why)
    except (DjudgeError, OSError) as error:
        return _report(Layer.NETWORK, False, str(error))


@cache
def require_all() -> None:
    """Refuse with `SandboxUnavailable` unless every layer works. Tried once a process."""
    for report in check_layers():
        if not report.works:
            why = report.why.rstrip(".")
            raise SandboxUnavailable(
                report.layer, f"The layer {report.layer} of the jail does not work here: {why}.", report.cure
            )


def _inside(environment: Path) -> Iterator[LayerReport]:
    """What the guest finds when it tries."""
    with _sandbox(environment) as sandbox:
        told = _ask(sandbox, "complete")
        for layer, (works, why) in told.items():
            yield _report(layer, works, why)
        yield _watchdog(sandbox)


def _outside(environment: Path) -> Iterator[LayerReport]:
    """What is behind the file and call layers, seen with those left out."""
    with _sandbox(environment, _BARE) as sandbox, socket.create_server(("127.0.0.1", 0)) as server:
        told = _ask(sandbox, "bare", str(server.getsockname()[1]))
    for layer, name in _NAMESPACES.items():
        works, why = told[layer]
        own = os.readlink(f"/proc/self/ns/{name}")
        found = "a namespace of its own" if why != own else "shared with the judge"
        yield _report(layer, works and why != own, found)
    works, why = told["connection"]
    yield _report(Layer.NETWORK, works, why)


def _sandbox(environment: Path, without: frozenset[Layer] = frozenset()) -> Sandbox:
    return Sandbox(environment=environment, identity=_USER, without=without)


def _ask(sandbox: Sandbox, *arguments: str, ports: Sequence[int] = ()) -> dict[str, tuple[bool, str]]:
    probe = resources.files("djudge.guest").joinpath("layer_probe.py").read_bytes()
    entry: Entry = {"kind": "command", "module": "layer_probe", "argv": list(arguments)}
    with sandbox.spawn({"layer_probe.py": probe}, entry=entry, limits=_LIMITS, ports=ports) as guest:
        result = guest.wait()
    try:
        return {name: (bool(works), str(why)) for name, (works, why) in json.loads(result.output).items()}
    except ValueError:
        words = result.output.decode("utf-8", "replace")[-500:]
        raise InfrastructureError(f"The layers could not be tried. {words}", kind="self_check") from None


def _watchdog(sandbox: Sandbox) -> LayerReport:
    entry: Entry = {"kind": "command", "module": "burn"}
    try:
        with sandbox.spawn({"burn.py": _BURN}, entry=entry, limits=_SHORT) as guest:
            guest.wait()
    except CandidateFault as fault:
        return _report(Layer.WATCHDOG, fault.kind == "cpu_limit", f"an endless loop ended with {fault.kind}")
    except DjudgeError as error:
        return _report(Layer.WATCHDOG, False, str(error))
    return _report(Layer.WATCHDOG, False, "an endless loop ended by itself")


def _report(layer: str, works: bool, why: str) -> LayerReport:
    return LayerReport(layer=str(layer), works=works, why=why, cure="" if works else cure_for(str(layer)))
