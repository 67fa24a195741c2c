"""Runs a pack's system as the site that it is: for people to look at, never for grading.

The system is this repository's own code, so there is no jail; its database is a throw-away cluster like a slot's.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from types import TracebackType
from typing import ClassVar, Final, Self

from djudge.engine.errors import OperatorFault, TaskFault
from djudge.engine.folders import scratch_folder
from djudge.engine.identities import claim_identities
from djudge.engine.packs.environments import environment_for
from djudge.engine.packs.model import Pack, Service, SignIn
from djudge.engine.packs.tree import pack_digest
from djudge.engine.postgres.binaries import find_binaries
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.databases import Database, Login
from djudge.engine.postgres.templates import Template, Templates

type Tell = Callable[[str, str], None]

HOST: Final = "127.0.0.1"

_STOP_SECONDS: Final = 5
_ADMINISTRATOR: Final = SignIn(name="admin", role="back office", opens="admin/")
_PASSWORD: Final = "PEOPLE_PASSWORD"  # noqa: S105 (the name of a variable)
_START_SECONDS: Final = 60


class RunningSystem:
    """A system with generated data, answering on loopback. A context manager; its data goes with it.

    `size` is S (some thousand rows) or M (some hundred thousand). Generating them is done once and kept (seconds);
    afterwards a start takes about two seconds. Raises TaskFault when the system does not start, OperatorFault when
    the port is taken.
    """

    #: The command that serves it.
    SERVE: ClassVar = ("runserver", "--noreload", "--skip-checks")

    def __init__(self, pack: Pack, *, size: str = "S", port: int = 0) -> None:
        self.pack = pack
        self.port = port or free_port()
        self.password = secrets.token_urlsafe(9)
        self._services = tuple((service, free_port(), secrets.token_urlsafe(32)) for service in pack.services)
        self._size = size
        self._stack = ExitStack()
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://{HOST}:{self.port}/"

    def start(self, tell: Tell) -> None:
        """Start everything and wait until it answers."""
        if not self.pack.wsgi:
            raise OperatorFault(f"The pack {self.pack.name} is plain Python: there is no site to run.")
        refuse_taken(self.port)
        with ExitStack() as stack:
            database = stack.enter_context(filled(self.pack, self._size, tell)).clone()
            environ = self._environ(database)
            tell("system", f"starting {self.pack.title}")
            for service, port, _ in self._services:
                beside = self._keep(stack, self._beside(service, port, environ))
                self._wait(beside, port, f"`python -m {service.module}` of {self.pack.title}")
            self._server = self._keep(stack, self._serve(environ))
            tell("system", "making people who can sign in")
            self._make_people(environ)
            self._wait(self._server, self.port, self.pack.title)
            self._stack = stack.pop_all()

    @property
    def sign_ins(self) -> tuple[SignIn, ...]:
        """Who can sign in, all with `password`; the administrator alone where the pack names nobody."""
        return self.pack.sign_ins or (_ADMINISTRATOR,)

    def stop(self) -> None:
        """Stop the site and throw its data away."""
        self._stack.close()

    def wait(self) -> int:
        """Wait until the site ends by itself; its exit status."""
        return self._server.wait() if self._server else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _environ(self, database: Database) -> dict[str, str]:
        return {
            **environ_of(self.pack, database.login(), database.cluster),
            **{service.address: f"http://{HOST}:{port}/" for service, port, _ in self._services},
            **{service.secret: secret for service, _, secret in self._services},
        }

    def _make_people(self, environ: Mapping[str, str]) -> None:
        if self.pack.people:
            manage(self.pack, [self.pack.people, "--password-env", _PASSWORD], {**environ, _PASSWORD: self.password})
            return
        manage(
            self.pack,
            ["createsuperuser", "--noinput", "--username", _ADMINISTRATOR.name, "--email", "admin@example.org"],
            {**environ, "DJANGO_SUPERUSER_PASSWORD": self.password},
        )

    def _serve(self, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        return self._run(["manage.py", *self.SERVE, f"{HOST}:{self.port}"], environ)

    def _beside(self, service: Service, port: int, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """It is told its own secret and nothing of the database."""
        arguments = [one.format(port=port, site=self.address) for one in service.arguments]
        told = ("PATH", "LANG", "TZ", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", service.secret)
        return self._run(["-m", service.module, *arguments], {name: environ[name] for name in told if name in environ})

    def _run(self, arguments: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """In a session of its own, so that Ctrl-C reaches us alone and we end it in order."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.pack.system,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _keep(self, stack: ExitStack, process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
        stack.callback(_end, process)
        return process

    def _wait(self, process: subprocess.Popen[bytes], port: int, what: str) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection((HOST, port), 1):
                return
            time.sleep(0.05)
        raise TaskFault(f"{what} does not answer.", "Run its manage.py check.", path=self.pack.system)


@contextmanager
def filled(pack: Pack, size: str, tell: Tell) -> Iterator[Template]:
    """The system's database as its own `generate` fills it, on a server of its own: to be cloned.

    Seconds once for a size and a text of the pack, then half a second. Raises TaskFault where the system can't be
    filled.
    """
    key = f"system {pack.name} {pack_digest(pack)} {size}"
    with ExitStack() as stack:
        identities = claim_identities()
        stack.callback(identities.release)
        folder = stack.enter_context(scratch_folder())
        cluster = Cluster(folder=folder, binaries=find_binaries(), identity=identities.server)
        stack.callback(cluster.stop)
        tell("system", "PostgreSQL")
        cluster.start(ready=key)

        def build(database: Database) -> None:
            tell("system", f"generating the data, size {size} (once)")
            environ = environ_of(pack, database.login(), cluster)
            manage(pack, ["migrate", "--verbosity", "0"], environ)
            manage(pack, ["generate", "--size", size], environ)

        yield Templates(cluster, ready=key).ensure(key, build)


def environ_of(pack: Pack, login: Login, cluster: Cluster) -> dict[str, str]:
    """The system's settings: nothing of this process' environment but what finds programs."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    return {
        **kept,
        **login.environ(str(cluster.socket_folder)),
        "PYTHONPATH": str(environment_for(pack)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "SECRET_KEY": secrets.token_urlsafe(32),
        "DEBUG": "1",
    }


def manage(pack: Pack, arguments: list[str], environ: Mapping[str, str]) -> None:
    """A command of the system's own; TaskFault with what it said where it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=pack.system,
        env=dict(environ),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise TaskFault(
            f"`manage.py {arguments[0]}` of {pack.title} failed.",
            done.stderr[-4000:],
            path=pack.system,
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def refuse_taken(port: int) -> None:
    """Raise OperatorFault when somebody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise OperatorFault(f"Port {port} can't be had ({error.strerror}).", "Name another with --port.") from error
