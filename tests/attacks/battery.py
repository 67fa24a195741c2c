"""What a case is made of, and what is looked at after each: nothing may be left behind."""

from __future__ import annotations

import importlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Final, Self

from djudge.engine.cli.library import named_task
from djudge.engine.errors import CandidateFault
from djudge.engine.grade import grade
from djudge.engine.identities import claim_identities
from djudge.engine.packs.environments import environment_for
from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import Submission, submission_of_files
from djudge.engine.reports.document import Report
from djudge.engine.run import RunningGuest
from djudge.engine.sandbox.contract import Answer, Ending, Identity, Layer, Limits, Request
from djudge.engine.sandbox.sandbox import Sandbox
from djudge.engine.slot import Slot

FOLDER: Final = Path(__file__).parent
IDS: Final = re.compile(r"([A-G][0-9]{2})_(\w+)")

#: A guest of the battery may not use much, so that a control that succeeds harms nobody.
SMALL: Final = Limits(
    wall_seconds=10, cpu_seconds=5, memory_mb=256, processes=40, disk_mb=16, inodes=500, request_seconds=5
)

_SETTINGS: Final = b"SECRET_KEY = 'none'\nINSTALLED_APPS = []\nDATABASES = {}\nALLOWED_HOSTS = ['*']\n"
_APPLICATION: Final = b"""
import json
from attack import attack

def application(environ, start_response):
    said = json.dumps(attack()).encode()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [said]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an attempt ended. `reason` says by what it was stopped, or what it achieved."""

    succeeded: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempted:
    """What became of a guest that attacked: its answer as JSON, or the fault that stopped it, and its ending."""

    said: Any = None
    fault: CandidateFault | None = None
    ending: Ending | None = None

    @property
    def stopped_by(self) -> str:
        """The kind of the fault, or an empty text."""
        return self.fault.kind if self.fault else ""


class Field:
    """Where cases are tried: jails for bare attacks, a slot with the shop for attacks on database and grade.

    What is costly is made once and shared by all cases; `leftovers` says what a case left behind.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._sandboxes: dict[frozenset[Layer], Sandbox] = {}
        self._slot: Slot | None = None
        self.task: Task = named_task("SH4")

    def __enter__(self) -> Self:
        identities = claim_identities()
        self._stack.callback(identities.release)
        guest = identities.guest
        self.identity = Identity(guest.uid, guest.gid) if guest else None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def sandbox(self, without: Sequence[Layer] = ()) -> Sandbox:
        """A sandbox with these layers left out."""
        missing = frozenset(without)
        if missing not in self._sandboxes:
            self._sandboxes[missing] = self._stack.enter_context(
                Sandbox(environment=environment_for(self.task.pack), identity=self.identity, without=missing)
            )
        return self._sandboxes[missing]

    def attack(
        self,
        source: str,
        *,
        without: Sequence[Layer] = (),
        limits: Limits = SMALL,
        files: Mapping[str, bytes] | None = None,
        socket_folder: Path | None = None,
        target: str = "/",
    ) -> Attempted:
        """Run `source`, which defines `attack()` returning JSON, in a guest; ask once; stop it."""
        tree = {"attack.py": source.encode(), "settings.py": _SETTINGS, "serve.py": _APPLICATION, **(files or {})}
        entry = {"kind": "wsgi", "settings": "settings", "migrate": False, "application": "serve.application"}
        with self.sandbox(without).spawn(
            tree, entry=entry, limits=limits, socket_folder=socket_folder
        ) as guest:
            try:
                answer = guest.http(Request(target=target))
            except CandidateFault as fault:
                return Attempted(fault=fault, ending=guest.stop())
            return Attempted(said=_json(answer), ending=guest.stop())

    @property
    def slot(self) -> Slot:
        """A slot with the shop's data."""
        if self._slot is None:
            self._slot = self._stack.enter_context(Slot(self.task.pack))
            self._slot.open(self.task, local_seed(self.task), lambda phase, what: None)
        return self._slot

    @contextmanager
    def shop(self, files: Mapping[str, str]) -> Iterator[RunningGuest]:
        """The shop's start with these files changed, running on a fresh clone, watched by the witness."""
        seed = local_seed(self.task)
        run = self.slot.run(self.task, self.submission(files), seed, lambda phase, what: None)
        with run.guest() as guest:
            yield guest

    def submission(self, files: Mapping[str, str]) -> Submission:
        """A submission with these files changed; under the rules of any candidate's."""
        return submission_of_files(self.task, {path: text.encode() for path, text in files.items()})

    def grade(self, files: Mapping[str, str]) -> Report:
        """The whole grading of a submission."""
        return grade(
            self.slot, self.task, self.submission(files), local_seed(self.task), lambda phase, what: None
        )

    def solution(self, name: str) -> dict[str, str]:
        """The files of one of the task's solutions, to build an attack upon."""
        folder = self.task.solution(name).folder
        return {
            path.relative_to(folder).as_posix(): path.read_text()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != "expected.toml"
        }


@dataclass(frozen=True, slots=True)
class Case:
    """An attack of the battery."""

    id: str
    name: str
    module: ModuleType = field(repr=False)

    @property
    def title(self) -> str:
        """The first line of its docstring."""
        return (self.module.__doc__ or "").strip().splitlines()[0]

    @property
    def reason(self) -> str:
        """By what it must be stopped."""
        return str(self.module.REASON)

    @property
    def attempt(self) -> Callable[[Field], Outcome]:
        """The attack against everything."""
        found: Callable[[Field], Outcome] = self.module.attempt
        return found

    @property
    def control(self) -> Callable[[Field], Outcome]:
        """The attack with one layer left out."""
        found: Callable[[Field], Outcome] = self.module.control
        return found


def cases() -> list[Case]:
    """All cases, by folder."""
    found = []
    for folder in sorted(FOLDER.iterdir()):
        matched = IDS.fullmatch(folder.name)
        if matched and (folder / "case.py").is_file():
            module = importlib.import_module(f"tests.attacks.{folder.name}.case")
            found.append(Case(matched[1], matched[2].replace("_", " "), module))
    return found


def _json(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Traces:
    """What can be seen of this machine from outside: what a case must leave as it was."""

    processes: frozenset[str]
    mounts: frozenset[str]
    memory: frozenset[str]
    files: frozenset[str]

    @classmethod
    def taken(cls, identity: Identity | None) -> Traces:
        """Look now."""
        return cls(
            processes=frozenset(_processes_of(identity)),
            mounts=frozenset(Path("/proc/self/mountinfo").read_text().splitlines()),
            memory=frozenset(_system_v()),
            files=frozenset(os.listdir("/dev/shm")) | frozenset(os.listdir("/tmp")),
        )

    def left_since(self, before: Traces) -> list[str]:
        """What is here now and was not then."""
        pairs = (
            (self.processes, before.processes),
            (self.mounts, before.mounts),
            (self.memory, before.memory),
            (self.files, before.files),
        )
        return sorted(left for now, then in pairs for left in now - then)


def _processes_of(identity: Identity | None) -> Iterator[str]:
    """Processes of the guest's uid; an ordinary user's guests are told by their namespace's first process."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            if identity and folder.stat().st_uid == identity.uid:
                yield f"process {folder.name} {(folder / 'comm').read_text().strip()}"
        except OSError:
            continue


def _system_v() -> Iterator[str]:
    for kind in ("shm", "sem", "msg"):
        lines = Path(f"/proc/sysvipc/{kind}").read_text().splitlines()[1:]
        yield from (f"{kind} {line.split()[1]}" for line in lines)
