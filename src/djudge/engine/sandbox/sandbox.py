"""The sandbox: forks guests from a zygote that has Django ready, each in a jail of its own."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from djudge.engine.errors import InfrastructureError, OperatorFault
from djudge.engine.sandbox.contract import Layer, Limits, User
from djudge.engine.sandbox.doors import Doors
from djudge.engine.sandbox.guest import Guest
from djudge.engine.sandbox.packing import pack
from djudge.engine.sandbox.zygote_process import Zygote, ZygoteDiedError
from djudge.engine.values import Json
from djudge.guest.order import Bounds, JailPlan, Order

_BOUNDS: Final = tuple(field.name for field in fields(Bounds))
_NEEDS_NO_NEW_PRIVS: Final = frozenset({Layer.LANDLOCK, Layer.SECCOMP})


class Sandbox:
    """Starts guests for one environment. A context manager; `close` ends every guest that is left.

    `environment` is a folder made by `pip install --target`; `preload` names modules that the zygote
    imports with no settings. As root, `identity` says who the guests are; an ordinary user needs none.
    `without` is for positive controls in tests alone. `isolated=False` runs the operator's own code with no
    jail at all: a candidate's never. It is laid into `scratch` then, which the caller removes: a supervisor that
    was killed can not. `standing` jails are raised ahead of the guests.

    The zygote starts with the first guest (0.5 s). It belongs to the thread that started it and dies with it.
    """

    def __init__(
        self,
        *,
        environment: Path,
        preload: Sequence[str] = (),
        identity: User | None = None,
        without: frozenset[Layer] = frozenset(),
        isolated: bool = True,
        standing: int = 2,
        scratch: Path | None = None,
    ) -> None:
        if Layer.NO_NEW_PRIVS in without and not without >= _NEEDS_NO_NEW_PRIVS:
            raise ValueError("Landlock and seccomp rest on no_new_privs: leave them out too.")
        if isolated and os.geteuid() == 0 and Layer.IDENTITY not in without:
            _require_user(identity)
        self._environment = environment.resolve()
        self._preload = tuple(preload)
        self._identity = identity if os.geteuid() == 0 else None
        self._without = without
        self._isolated = isolated
        self._standing = standing
        self._scratch = scratch
        self._zygote: Zygote | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the zygote now instead of with the first guest."""
        if self._zygote is None:
            self._zygote = Zygote.start(
                self._environment, self._preload, isolated=self._isolated, standing=self._standing
            )

    def close(self) -> None:
        """End the zygote and every guest; they are gone when this returns."""
        zygote, self._zygote = self._zygote, None
        if zygote is not None:
            zygote.close()

    def spawn(
        self,
        tree: Mapping[str, bytes],
        *,
        entry: Mapping[str, Json],
        environ: Mapping[str, str] | None = None,
        socket_folder: Path | None = None,
        limits: Limits | None = None,
        ports: Sequence[int] = (),
        on_phase: Callable[[str], None] = lambda phase: None,
    ) -> Guest:
        """Fork a guest and return at once; `Guest.ready` waits for it and says what went wrong.

        `entry` is `{"kind": "wsgi", "settings": ..., "migrate": bool, "application": "module.attribute"
        (optional)}` or `{"kind": "command", "settings": ..., "argv": [...], "module": ... (optional, as
        `python -m`)}` or `{"kind": "call", "settings": ... (optional), "migrate": ...}`, which serves operations
        instead of requests. `socket_folder` appears at `/run/postgresql`. `ports` are those of its own
        loopback that the guest may call; `Guest.listeners` are the judge's ends of them. Without a jail the kernel
        picks other ports of the machine's loopback. A zygote that died is started again once.
        """
        limits = limits or Limits()
        order = Order(
            run=secrets.token_hex(16),
            entry=dict(entry),
            environ=dict(environ or {}),
            bounds=Bounds(**{name: getattr(limits, name) for name in _BOUNDS}),
            socket_folder=str(socket_folder.resolve()) if socket_folder else None,
        )
        plan = self._plan(limits, ports)
        try:
            return self._hand_over(plan, order, tree, limits, on_phase)
        except BaseException:
            if plan.folder is not None:
                shutil.rmtree(plan.folder, ignore_errors=True)
            raise

    def _plan(self, limits: Limits, ports: Sequence[int]) -> JailPlan:
        return JailPlan(
            disk_mb=limits.disk_mb,
            inodes=limits.inodes,
            identity=(self._identity.uid, self._identity.gid) if self._identity else None,
            folder=None if self._isolated else tempfile.mkdtemp(prefix="djudge-own-", dir=self._scratch),
            without=frozenset(str(layer) for layer in self._without),
            ports=tuple(ports),
        )

    def _hand_over(
        self,
        plan: JailPlan,
        order: Order,
        tree: Mapping[str, bytes],
        limits: Limits,
        on_phase: Callable[[str], None],
    ) -> Guest:
        packed = pack(order, tree)
        result, guest_end = socket.socketpair()
        report, supervisor_end = socket.socketpair()
        way_out, doors_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        doors = Doors(way_out, len(plan.ports))
        try:
            self._send(plan, [guest_end.fileno(), supervisor_end.fileno(), packed, doors_end.fileno()])
        except BaseException:
            result.close()
            report.close()
            doors.close()
            raise
        finally:
            os.close(packed)
            for end in (guest_end, supervisor_end, doors_end):
                end.close()
        if not plan.ports:
            doors.close()
        return Guest(
            run=order.run,
            limits=limits,
            result=result,
            report=report,
            on_phase=on_phase,
            doors=doors if plan.ports else None,
        )

    def _send(self, plan: JailPlan, descriptors: Sequence[int]) -> None:
        for _ in range(2):
            self.start()
            zygote = self._zygote
            try:
                if zygote is not None and zygote.is_alive():
                    return zygote.spawn(plan, descriptors)
            except ZygoteDiedError:
                pass
            self.close()
        raise InfrastructureError(
            "The zygote dies as soon as it is started.", "Run `djudge doctor`.", kind="zygote_died"
        )


def _require_user(identity: User | None) -> None:
    if identity is None or identity.uid <= 0 or identity.gid <= 0:
        raise OperatorFault(
            "When the judge is root, a guest needs a user of its own.",
            "Give the slot a uid and a gid above 0.",
        )
