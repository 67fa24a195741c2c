"""The one object that the pipeline talks to: a zygote, a PostgreSQL cluster, a range of uids; one run at a time.

How many slots there are is how much is graded at once. Slots share nothing, so that neither a crash nor a lock of one
is felt in another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from djudge.engine.environment import Environment, environment_of
from djudge.engine.errors import CandidateFault, InfrastructureError, TaskFault
from djudge.engine.folders import scratch_folder
from djudge.engine.identities import SlotIdentities, claim_identities
from djudge.engine.packs.bytecode import ByteCode
from djudge.engine.packs.environments import environment_for
from djudge.engine.packs.migrating import may_migrate
from djudge.engine.packs.model import Pack, Task
from djudge.engine.packs.observing import arrange_data
from djudge.engine.packs.seeds import Seed
from djudge.engine.packs.submission import Submission
from djudge.engine.packs.tree import Tree, start_tree, task_digest
from djudge.engine.postgres.binaries import Binaries, find_binaries
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.databases import Database, Login
from djudge.engine.postgres.pool import ClonePool
from djudge.engine.postgres.sizes import require_room
from djudge.engine.postgres.templates import Template, Templates
from djudge.engine.postgres.witness.inspection import Functions, Inspection
from djudge.engine.postgres.witness.self_check import self_check as check_witness
from djudge.engine.postgres.witness.witness import Witness
from djudge.engine.run import BarePlace, Place, Run
from djudge.engine.sandbox.contract import Layer
from djudge.engine.sandbox.doors import PORTS
from djudge.engine.sandbox.guest import Guest
from djudge.engine.sandbox.sandbox import Sandbox
from djudge.engine.sandbox.self_check import require_all
from djudge.engine.serving import SECRET_KEY
from djudge.engine.values import Json

type Tell = Callable[[str, str], None]

#: What any Django system needs, imported once in the zygote: all of it can be imported while no settings exist. What
#: is not installed in a pack's environment is left out there.
PRELOAD: Final = (
    "django",
    "django.conf.locale.en.formats",
    "django.contrib.admin",
    "django.contrib.admin.apps",
    "django.contrib.admin.templatetags.admin_list",
    "django.contrib.admin.templatetags.admin_modify",
    "django.contrib.admin.templatetags.log",
    "django.contrib.auth.apps",
    "django.contrib.auth.context_processors",
    "django.contrib.auth.hashers",
    "django.contrib.auth.password_validation",
    "django.contrib.auth.tokens",
    "django.contrib.contenttypes.apps",
    "django.contrib.messages.apps",
    "django.contrib.messages.context_processors",
    "django.contrib.messages.middleware",
    "django.contrib.sessions.apps",
    "django.contrib.sessions.middleware",
    "django.contrib.sessions.serializers",
    "django.contrib.sites.shortcuts",
    "django.contrib.staticfiles.apps",
    "django.core.cache.backends.locmem",
    "django.core.handlers.wsgi",
    "django.core.management",
    "django.core.management.commands.migrate",
    "django.core.wsgi",
    "django.db.backends.postgresql.base",
    "django.db.migrations.executor",
    "django.db.models",
    "django.forms",
    "django.middleware.clickjacking",
    "django.middleware.common",
    "django.middleware.http",
    "django.shortcuts",
    "django.template.backends.django",
    "django.template.context_processors",
    "django.template.loader_tags",
    "django.templatetags.cache",
    "django.templatetags.l10n",
    "django.templatetags.tz",
    "django.urls",
    "django.utils.translation.reloader",
    "django.views.decorators.http",
    "getpass",
    "psycopg",
)


#: Jails that stand ready: guests come one after another, and one takes longer than to raise a jail.
_STANDING: Final = 2


@dataclass(frozen=True, slots=True)
class _Server:
    """A running cluster with the data of one task under one seed, clones of it, and the functions that it has."""

    key: str
    cluster: Cluster
    witness: Witness
    pool: ClonePool
    functions: Functions


class Slot:
    """A place where submissions of one pack are run, one at a time. A context manager; leaves nothing behind.

    `without` is for the positive controls of attack cases. `isolated=False` runs the operator's own code with no jail.
    `after_clone` is done to every clone before a guest gets it: proofs draw its statistics anew.
    `pooled=False` has neither clones nor jails wait for guests, to see what that is worth.
    Costs about 0.7 s to start; the first time for a task and seed, building its data. A pack without a database has no
    cluster, no clones and no witness: 0.2 s.
    """

    def __init__(
        self,
        pack: Pack,
        *,
        isolated: bool = True,
        without: frozenset[Layer] = frozenset(),
        after_clone: Callable[[Database], None] | None = None,
        pooled: bool = True,
    ) -> None:
        self.pack = pack
        self._pooled = pooled
        self._after_clone = after_clone
        self.isolated = isolated
        self._without = without
        self._stack = ExitStack()
        self._server: _Server | None = None
        self._is_open = False
        self._byte_code: tuple[str, ByteCode] | None = None

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
                    preload=(*(PRELOAD if self.pack.settings else ()), *self.pack.preload),
                    identity=self._identities.guest,
                    without=self._without,
                    isolated=self.isolated,
                    standing=_STANDING if self._pooled else 0,
                    scratch=self._scratch,
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
        if not self.pack.postgres:
            tell("starting", "the zygote")
            self._sandbox.start()
            self._is_open = True
        elif self._server is None or self._server.key != key or not self._server.cluster.alive():
            self._stop_server()
            tell("starting", "the zygote")
            # Here and not with the first guest: `observe` runs in a fork, and a zygote started there would end with it.
            self._sandbox.start()
            self._server = self._start_server(key, build, tell)

    def run(self, task: Task, submission: Submission, seed: Seed, tell: Tell) -> Run:
        """A submission, ready to be observed. Its guests are made by `Run.guest`."""
        tree = self._with_byte_code(task, submission.tree)
        place: Place | BarePlace
        if self.pack.postgres:
            # An `observe` that was stopped at its deadline leaves its database behind.
            self._opened().pool.reclaim()
            place = self.place(task, _serving(task, migrate=may_migrate(task, submission.changed)))
        else:
            place = self.bare_place(task, {"kind": "call", "settings": task.pack.settings})
        return Run(task=task, seed=seed, tree=tree, changed=submission.changed, place=place, tell=tell)

    def place(self, task: Task, entry: Mapping[str, Json]) -> Place:
        """Where guests of the opened task are made; `entry` is what they set up."""
        server = self._opened()
        return Place(
            spawn=lambda tree, login, entry: self._spawn(task, tree, login, server.cluster.socket_folder, entry),
            clone=server.pool.take,
            discard=server.pool.discard,
            witness=server.witness,
            functions=server.functions,
            entry=entry,
        )

    def bare_place(self, task: Task, entry: Mapping[str, Json]) -> BarePlace:
        """Where guests of a pack without a database are made."""
        if not self._is_open:
            raise _not_opened()
        return BarePlace(
            spawn=lambda tree, entry: self._sandbox.spawn(
                tree, entry=entry, environ={"SECRET_KEY": SECRET_KEY}, limits=task.limits, ports=_ports(task)
            ),
            entry=entry,
        )

    def renew(self, task: Task, seed: Seed, tell: Tell) -> None:
        """Throw cluster and zygote away and start fresh ones: after a fault of ours."""
        self.discard()
        self.open(task, seed, tell)

    def discard(self) -> None:
        """Throw cluster and zygote away; `open` starts fresh ones."""
        self._stop_server()
        self._sandbox.close()

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
            require_room(self._server.cluster, for_all=True)
            check_witness(self._server.cluster)
            return
        if not self.pack.postgres:
            return
        with Cluster(folder=self._scratch, binaries=self._binaries, identity=self._identities.server) as cluster:
            check_witness(cluster)

    def _opened(self) -> _Server:
        if self._server is None:
            raise _not_opened()
        return self._server

    def _start_server(self, key: str, build: Callable[[Database], None], tell: Tell) -> _Server:
        tell("starting", "PostgreSQL")
        cluster = Cluster(folder=self._scratch, binaries=self._binaries, identity=self._identities.server)
        try:
            cluster.start(ready=key)
            require_room(cluster)
            check_witness(cluster)
            template = Templates(cluster, ready=key).ensure(key, build)
            functions = _functions_of(template)
            pool = ClonePool(template, prepare=self._after_clone)
            if self._pooled:
                pool.start()
            return _Server(key, cluster, Witness(cluster), pool, functions)
        except BaseException:
            cluster.stop()
            raise

    def _stop_server(self) -> None:
        if self._server is not None:
            self._server.pool.stop()
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
            entry = _serving(task, migrate=task.pack.postgres)
            with self._spawn(task, start_tree(task), database.login(), sockets, entry) as guest:
                guest.ready()
        except CandidateFault as fault:
            raise TaskFault(
                f"The system of {task.name} does not start: {fault.what}",
                fault.detail or fault.cure,
                path=task.folder,
            ) from fault

    def _with_byte_code(self, task: Task, tree: Tree) -> Tree:
        digest = task_digest(task)
        if self._byte_code is None or self._byte_code[0] != digest:
            self._byte_code = (digest, ByteCode(start_tree(task)))
        return self._byte_code[1].beside(tree)

    def _spawn(
        self, task: Task, tree: Mapping[str, bytes], login: Login, sockets: Path, entry: Mapping[str, Json]
    ) -> Guest:
        environ = login.environ() if self.isolated else login.environ(str(sockets))
        return self._sandbox.spawn(
            tree,
            entry=entry,
            environ={**environ, "SECRET_KEY": SECRET_KEY},
            socket_folder=sockets,
            limits=task.limits,
            ports=_ports(task),
        )


def _ports(task: Task) -> Sequence[int]:
    """Of its own loopback, on which its guests may call services of the judge."""
    return PORTS if "tcp" in task.needs else ()


def _not_opened() -> InfrastructureError:
    return InfrastructureError("The slot was not opened for a task.", kind="not_opened")


def _functions_of(template: Template) -> Functions:
    """The functions that the task's own data has, looked up in a clone before anything runs in one."""
    database = template.clone()
    try:
        with Inspection(database) as inspection:
            return inspection.functions()
    finally:
        database.drop()


def _serving(task: Task, *, migrate: bool) -> dict[str, Json]:
    """The entry of a guest that answers requests, and migrates before if it has to."""
    return {
        "kind": "wsgi",
        "settings": task.pack.settings,
        "migrate": migrate,
        "application": f"{task.pack.wsgi}.application" if task.pack.wsgi else None,
    }
