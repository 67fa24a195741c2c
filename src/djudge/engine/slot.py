"""The one object that the pipeline talks to: a zygote, a PostgreSQL cluster, a range of uids; one run at a time.

How many slots there are is how much is graded at once. Slots share nothing, so that neither a crash nor a lock of one
is felt in another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from djudge.engine.environment import Environment, environment_of
from djudge.engine.errors import CandidateFault, InfrastructureError, TaskFault
from djudge.engine.folders import scratch_folder
from djudge.engine.identities import SlotIdentities, claim_identities
from djudge.engine.packs.environments import environment_for
from djudge.engine.packs.model import Pack, Task
from djudge.engine.packs.observing import arrange_data
from djudge.engine.packs.seeds import Seed
from djudge.engine.packs.submission import Submission
from djudge.engine.packs.tree import start_tree, task_digest
from djudge.engine.postgres.binaries import Binaries, find_binaries
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.databases import Database, Login, drop_leftovers
from djudge.engine.postgres.templates import Template, Templates
from djudge.engine.postgres.witness.self_check import self_check as check_witness
from djudge.engine.postgres.witness.witness import Witness
from djudge.engine.run import Place, Run
from djudge.engine.sandbox.contract import Layer
from djudge.engine.sandbox.guest import Guest
from djudge.engine.sandbox.sandbox import Sandbox
from djudge.engine.sandbox.self_check import require_all
from djudge.engine.values import Json

type Tell = Callable[[str, str], None]

#: What any Django system needs, imported once in the zygote. What can't be imported without settings is not here.
PRELOAD: Final = (
    "django",
    "django.contrib.admin",
    "django.contrib.auth.hashers",
    "django.core.handlers.wsgi",
    "django.core.management",
    "django.core.management.commands.migrate",
    "django.db.backends.postgresql.base",
    "django.db.migrations.executor",
    "django.db.models",
    "django.forms",
    "django.shortcuts",
    "django.template.backends.django",
    "django.template.loader_tags",
    "django.urls",
    "psycopg",
)


@dataclass(frozen=True, slots=True)
class _Server:
    """A running cluster with the data of one task under one seed."""

    key: str
    cluster: Cluster
    witness: Witness
    template: Template


class Slot:
    """A place where submissions of one pack are run, one at a time. A context manager; leaves nothing behind.

    `without` is for the positive controls of attack cases. `isolated=False` runs the operator's own code with no jail.
    Costs about 0.7 s to start; the first time for a task and seed, building its data.
    """

    def __init__(self, pack: Pack, *, isolated: bool = True, without: frozenset[Layer] = frozenset()) -> None:
        self.pack = pack
        self.isolated = isolated
        self._without = without
        self._stack = ExitStack()
        self._server: _Server | None = None

    def __enter__(self) -> Self:
        if self.isolated and not self._without:
            require_all()
        with ExitStack() as stack:
            self._binaries: Binaries = find_binaries()
            self._identities: SlotIdentities = claim_identities()
            stack.callback(self._identities.release)
            self._scratch: Path = stack.enter_context(scratch_folder())
            self._sandbox = stack.enter_context(
                Sandbox(
                    environment=environment_for(self.pack),
                    preload=(*PRELOAD, *self.pack.preload),
                    identity=self._identities.guest,
                    without=self._without,
                    isolated=self.isolated,
                )
            )
            stack.callback(self._stop_server)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def environment(self, task: Task, seed: Seed) -> Environment:
        """The environment of a grading in this slot."""
        return environment_of(task.pack, seed, self._binaries)

    def open(self, task: Task, seed: Seed, tell: Tell) -> None:
        """Have the task's data under this seed at hand: from the data folder (0.1 s), else built now and kept.

        Raises TaskFault when the pack's own system or data can't be set up.
        """
        key = f"{self.environment(task, seed).digest} {task_digest(task)}"
        self._open(key, lambda database: self._build(database, task, seed, tell), tell)

    def open_empty(self, task: Task, seed: Seed, tell: Tell) -> None:
        """Have the task's tables at hand with nothing in them, for visible tests; as `open` otherwise."""
        key = f"{self.environment(task, seed).digest} {task_digest(task)} empty"
        self._open(key, lambda database: self._migrate(database, task), tell)

    def _open(self, key: str, build: Callable[[Database], None], tell: Tell) -> None:
        if self._server is None or self._server.key != key or not self._server.cluster.alive():
            self._stop_server()
            tell("starting", "the zygote")
            # Here and not with the first guest: `observe` runs in a fork, and a zygote started there would end with it.
            self._sandbox.start()
            self._server = self._start_server(key, build, tell)

    def run(self, task: Task, submission: Submission, seed: Seed, tell: Tell) -> Run:
        """A submission, ready to be observed. Its guests are made by `Run.guest`."""
        # An `observe` that was stopped at its deadline leaves its database behind.
        drop_leftovers(self._opened().cluster)
        place = self.place(task, _serving(task))
        return Run(task=task, seed=seed, tree=submission.tree, changed=submission.changed, place=place, tell=tell)

    def place(self, task: Task, entry: Mapping[str, Json]) -> Place:
        """Where guests of the opened task are made; `entry` is what they set up."""
        server = self._opened()
        return Place(
            spawn=lambda tree, login: self._spawn(task, tree, login, server.cluster.socket_folder, entry),
            clone=lambda template: template.clone(),
            witness=server.witness,
            template=server.template,
        )

    def renew(self, task: Task, seed: Seed, tell: Tell) -> None:
        """Throw cluster and zygote away and start fresh ones: after a fault of ours."""
        self._stop_server()
        self._sandbox.close()
        self.open(task, seed, tell)

    @property
    def separated_by(self) -> str:
        """What keeps guest and server apart, for the report: as an ordinary user they have one outer uid."""
        if not self.isolated:
            return "by nothing"
        return "by users and namespaces" if self._identities.guest else "by namespaces alone (one user)"

    @property
    def cluster(self) -> Cluster:
        """The cluster of the opened task; for what has to be tried on the very same server."""
        return self._opened().cluster

    def prove_sound(self) -> None:
        """Check that the witness sees every kind of statement here. Raises InfrastructureError or OperatorFault."""
        if self._server is not None:
            check_witness(self._server.cluster)
            return
        with Cluster(folder=self._scratch, binaries=self._binaries, identity=self._identities.server) as cluster:
            check_witness(cluster)

    def _opened(self) -> _Server:
        if self._server is None:
            raise InfrastructureError("The slot was not opened for a task.", kind="not_opened")
        return self._server

    def _start_server(self, key: str, build: Callable[[Database], None], tell: Tell) -> _Server:
        tell("starting", "PostgreSQL")
        cluster = Cluster(folder=self._scratch, binaries=self._binaries, identity=self._identities.server)
        try:
            cluster.start(ready=key)
            check_witness(cluster)
            template = Templates(cluster, ready=key).ensure(key, build)
            return _Server(key, cluster, Witness(cluster), template)
        except BaseException:
            cluster.stop()
            raise

    def _stop_server(self) -> None:
        if self._server is not None:
            self._server.cluster.stop()
            self._server = None

    def _build(self, database: Database, task: Task, seed: Seed, tell: Tell) -> None:
        tell("starting", f"building the data of {task.id} (once for a seed)")
        self._migrate(database, task)
        with database.arrange() as connection:
            arrange_data(task, connection, seed)

    def _migrate(self, database: Database, task: Task) -> None:
        sockets = database.cluster.socket_folder
        try:
            with self._spawn(task, start_tree(task), database.login(), sockets, _serving(task)) as guest:
                guest.ready()
        except CandidateFault as fault:
            raise TaskFault(
                f"The system of {task.name} does not start: {fault.what}",
                fault.detail or fault.cure,
                path=task.folder,
            ) from fault

    def _spawn(
        self, task: Task, tree: Mapping[str, bytes], login: Login, sockets: Path, entry: Mapping[str, Json]
    ) -> Guest:
        environ = login.environ() if self.isolated else login.environ(str(sockets))
        return self._sandbox.spawn(
            tree,
            entry=entry,
            environ={**environ, "SECRET_KEY": "of no value: this process lives for one run"},
            socket_folder=sockets,
            limits=task.limits,
        )


def _serving(task: Task) -> dict[str, Json]:
    """The entry of a guest that migrates and then answers requests."""
    return {
        "kind": "wsgi",
        "settings": task.pack.settings,
        "migrate": task.pack.postgres,
        "application": f"{task.pack.wsgi}.application",
    }
