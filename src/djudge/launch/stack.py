"""The platform's parts, and what they are told: the same variables as any other way of running it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.request import urlopen

import redis

from djudge.engine.errors import DjudgeError, InfrastructureError
from djudge.engine.folders import packs_folder
from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.loading import discover_packs
from djudge.engine.system import HOST, RunningSystem, free_port, refuse_taken
from djudge.launch import valkey
from djudge.launch.place import Place, place
from djudge.launch.postgres import PlatformPostgres
from djudge.launch.supervisor import Part, Supervisor

PORT: Final = 8000

#: Nothing of this process' environment but what finds programs and says how to speak.
_KEPT: Final = (
    "PATH",
    "LANG",
    "LC_ALL",
    "TZ",
    "HOME",
    "TMPDIR",
    "DJUDGE_DATA",
    "DJUDGE_PACKS",
    "DJUDGE_SCRATCH",
    "DJUDGE_POSTGRES_BIN",
    "GRADING_ISOLATED",
    "METRICS_TOKEN",
    "WEBHOOK_NETWORKS",
)
_MANAGE: Final = (sys.executable, "-m", "djudge.web.config.manage")
_CELERY: Final = (sys.executable, "-m", "celery", "-A", "djudge.web.config.celery")


class Stack:
    """PostgreSQL, Valkey, web server, workers and beat of one installation. A context manager.

    `say` is told what a person should know. Raises OperatorFault where the port is taken, InfrastructureError with the
    place of a log where a part does not start.
    """

    def __init__(self, say: Callable[[str], None], *, port: int = PORT, root: Path | None = None) -> None:
        self._say = say
        self._root = root
        self.port = port or free_port()
        self._exit = ExitStack()
        self.environ: Mapping[str, str] = {}
        self.systems: list[RunningSystem] = []
        self.supervisor: Supervisor
        self.postgres: PlatformPostgres
        self.place: Place

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://{HOST}:{self.port}/"

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            refuse_taken(self.port)
            self.place = stack.enter_context(place(self._root))
            self.supervisor = Supervisor(self.place.folder("log"), self._say)
            self._say("PostgreSQL")
            self.postgres = stack.enter_context(PlatformPostgres(self.place))
            stack.callback(self.supervisor.stop)
            self.systems = [stack.enter_context(system) for system in self._systems()]
            self.environ = self._environ()
            self._say("Valkey")
            self.supervisor.start(self._valkey())
            self._say("tables and static files")
            self.manage("migrate", "--verbosity", "0")
            self.manage("collectstatic", "--noinput", "--verbosity", "0")
            workers = (self._worker("default", 1), self._worker("grading", 1), self._worker("webhooks", 4, "threads"))
            for part in (self._web(), *workers, self._beat()):
                self._say(part.name)
                self.supervisor.start(part)
            self._exit = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._exit.close()

    def watch(self, seconds: float) -> None:
        """Keep everything running for so long; PostgreSQL that died is started again like the others."""
        self.supervisor.watch(seconds)
        process = self.postgres.process
        if process is not None and process.poll() is not None:
            self._say("PostgreSQL ended and is started again.")
            self.postgres.start()

    def sample(self) -> tuple[list[dict[str, Any]], bool]:
        """Make the sample team where there is nobody yet: how to sign in, if it was made, and whether it is there."""
        told = json.loads(self.manage("make_sample"))
        return told["made"], told["is_there"]

    def manage(self, *words: str) -> str:
        """One of Django's commands; what it printed. Raises InfrastructureError with what it said."""
        done = subprocess.run([*_MANAGE, *words], env=dict(self.environ), capture_output=True, text=True)
        if done.returncode:
            raise InfrastructureError(f"`{words[0]}` failed: {done.stderr.strip()[-2000:]}", kind="command_failed")
        return done.stdout

    def _systems(self) -> Iterator[RunningSystem]:
        """The packs' own systems, to be looked at; one that does not start is said, and stops nothing else."""
        for pack in discover_packs(packs_folder(), Diagnostics()):
            if pack.wsgi:
                system = RunningSystem(pack)
                try:
                    system.start(lambda _, what: self._say(what))
                except DjudgeError as error:
                    self._say(f"{pack.title} does not run: {error}")
                else:
                    yield system

    def _environ(self) -> dict[str, str]:
        return {
            **{name: os.environ[name] for name in _KEPT if name in os.environ},
            "DJANGO_SETTINGS_MODULE": "djudge.web.config.settings",
            "SECRET_KEY": self.place.secret("django"),
            "DATABASE_URL": self.postgres.url,
            "BROKER_URL": valkey.broker_url(self.place),
            "CACHE_URL": valkey.cache_url(self.place),
            "STATIC_ROOT": str(self.place.folder("static")),
            "FILES": str(self.place.folder("files")),
            "SITE_ADDRESS": self.address.rstrip("/"),
            "CSRF_TRUSTED_ORIGINS": self.address.rstrip("/"),
            "SYSTEMS": json.dumps([_told(system) for system in self.systems]),
            "PYTHONUNBUFFERED": "1",
            **self._metrics(),
        }

    def _metrics(self) -> dict[str, str]:
        """Where the web's processes count together, empty, if somebody scrapes them."""
        if not os.environ.get("METRICS_TOKEN"):
            return {}
        folder = self.place.folder("metrics")
        for former in folder.glob("*.db"):
            former.unlink()
        return {"PROMETHEUS_MULTIPROC_DIR": str(folder)}

    def _valkey(self) -> Part:
        def is_ready() -> bool:
            try:
                return bool(redis.Redis(unix_socket_path=str(valkey.socket(self.place))).ping())
            except redis.RedisError:
                return False

        return Part(name="Valkey", command=valkey.command(self.place), environ=self.environ, is_ready=is_ready)

    def _web(self) -> Part:
        command = (
            sys.executable, "-m", "gunicorn", "djudge.web.config.wsgi", "--bind", f"{HOST}:{self.port}",
            "--workers", "2", "--threads", "4", "--preload", "--graceful-timeout", "10", "--timeout", "60",
            "--worker-tmp-dir", str(self.place.sockets), "--no-control-socket",
        )  # fmt: skip
        return Part(name="Web server", command=command, environ=self.environ, is_ready=self._answers)

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.address}livez", timeout=2) as answer:  # noqa: S310 (our own address)
                return bool(answer.status == 200)
        except OSError:
            return False

    def _worker(self, queue: str, at_once: int, pool: str = "prefork") -> Part:
        """A warm shutdown waits for the job that runs; after that it is left to the next start.

        In processes where a job works, in threads where it waits for others: each thread takes a connection of the
        pool, so there are no more of them than that has.
        """
        words = ("worker", "-Q", queue, "-c", str(at_once), "-P", pool, "-n", f"{queue}@%h", "--loglevel", "WARNING")
        quiet = ("--without-gossip", "--without-mingle")
        return Part(name=f"Worker {queue}", command=(*_CELERY, *words, *quiet), environ=self.environ, stop_seconds=8)

    def _beat(self) -> Part:
        schedule = str(self.place.folder("beat") / "schedule")
        return Part(name="Beat", command=(*_CELERY, "beat", "-s", schedule, "--pidfile="), environ=self.environ)


def _told(system: RunningSystem) -> dict[str, Any]:
    """A system as the home page links it. Its people and passwords are of this start alone."""
    return {
        "title": system.pack.title,
        "address": system.address,
        "password": system.password,
        "people": [{"name": one.name, "role": one.role, "opens": one.opens} for one in system.sign_ins],
    }
