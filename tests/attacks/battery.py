"""What a case is made of, and what is looked at after each: nothing may be left behind."""

from __future__ import annotations

import importlib
import json
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Final, Self

from djudge.engine.cli.library import named_task
from djudge.engine.errors import CandidateFault, DjudgeError
from djudge.engine.folders import scratch_folder
from djudge.engine.grade import grade
from djudge.engine.identities import claim_identities
from djudge.engine.packs.environments import environment_for
from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import Submission, submission_of_files
from djudge.engine.reports.document import Report
from djudge.engine.run import RunningGuest
from djudge.engine.sandbox.contract import Ending, Identity, Layer, Limits, Request
from djudge.engine.sandbox.guest import Guest
from djudge.engine.sandbox.sandbox import Sandbox
from djudge.engine.slot import Slot

FOLDER: Final = Path(__file__).parent
IDS: Final = re.compile(r"([A-G][0-9]{2})_(\w+)")

#: The last id of each chapter: resources, files, network, between runs, database, forging, readers.
CHAPTERS: Final = {"A": 13, "B": 10, "C": 4, "D": 4, "E": 12, "F": 10, "G": 3}

#: A guest of the battery may not use much, so that a control that succeeds harms nobody.
SMALL: Final = Limits(
    wall_seconds=10, cpu_seconds=5, memory_mb=256, processes=40, disk_mb=16, inodes=500, request_seconds=5
)

#: The judge's own files: no guest may see them, nor this path.
CHECKOUT: Final = FOLDER.parents[1]

#: Django without anything in it.
SETTINGS: Final = b"SECRET_KEY = 'none'\nINSTALLED_APPS = []\nDATABASES = {}\nALLOWED_HOSTS = ['*']\n"
_APPLICATION: Final = b"""
import json
from attack import attack

def application(environ, start_response):
    said = json.dumps(attack()).encode()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [said]
"""
_PROGRAM: Final = b"""
import json
import sys
from attack import attack

print()
print(json.dumps(attack(*sys.argv[1:])))
"""

#: What bare programs import as `calls`: raw system calls, and telling how each try ended.
_CALLS: Final = (FOLDER / "calls.py").read_bytes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an attempt ended. `reason` says by what it was stopped, or what it achieved."""

    succeeded: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempted:
    """What became of a guest that attacked: its answer as JSON, or the fault that stopped it, and its ending.

    `status` is the exit status that it told, if it was a program.
    """

    said: Any = None
    fault: CandidateFault | None = None
    ending: Ending | None = None
    status: int | None = None

    @property
    def stopped_by(self) -> str:
        """The kind of the fault, or an empty text."""
        return self.fault.kind if self.fault else ""

    def refused(self, reason: str, expected: Mapping[str, str]) -> Outcome:
        """The outcome of a program that tells of each of its tries the error that refused it, or nothing.

        `reason` is earned only where every try was made and met the very error that is expected of it.
        """
        if not isinstance(self.said, dict):
            return Outcome(succeeded=False, reason=self._silence())
        achieved = [name for name in expected if self.said.get(name) == ""]
        if achieved:
            return Outcome(succeeded=True, reason=f"achieved: {', '.join(achieved)}")
        other = [f"{name}: {self.said.get(name)}" for name in expected if self.said.get(name) != expected[name]]
        return Outcome(succeeded=False, reason=", ".join(other) or reason)

    def achieved(self, names: Sequence[str]) -> Outcome:
        """The outcome of a control: a success only where each of these tries went through."""
        if not isinstance(self.said, dict):
            return Outcome(succeeded=False, reason=self._silence())
        refused = [f"{name}: {self.said.get(name)}" for name in names if self.said.get(name) != ""]
        return Outcome(succeeded=not refused, reason=", ".join(refused))

    def held(self, reason: str) -> Outcome:
        """The outcome where a limit had to end the guest before it could answer: whatever it says is a success."""
        if self.said is not None:
            return Outcome(succeeded=True, reason=f"answered {str(self.said)[:200]}")
        return Outcome(succeeded=False, reason=self.stopped_by or self._silence())

    def _silence(self) -> str:
        printed = self.ending.output[-300:].decode("utf-8", "replace") if self.ending else ""
        return f"{self.stopped_by or 'no answer'} before it could tell ({printed.strip()})"


class Field:
    """Where cases are tried: jails for bare attacks, a slot with the shop for attacks on database and grade.

    What is costly is made once and shared by all cases. Everything that the engine writes meanwhile lies in
    `scratch`; `kept` names what belongs there, and all else is a leftover. `canary` is a secret in the judge's own
    environment, which no guest may see.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._sandboxes: dict[tuple[frozenset[Layer], Path], Sandbox] = {}
        self._slot: Slot | None = None
        self.kept: set[str] = set()
        self.canary = secrets.token_hex(16)
        self.task: Task = named_task("SH4")

    def __enter__(self) -> Self:
        self.scratch = self._stack.enter_context(scratch_folder())
        self._stack.enter_context(_environ_with(DJUDGE_SCRATCH=str(self.scratch), TMPDIR=str(self.scratch)))
        self._stack.enter_context(_environ_with(DJUDGE_CANARY=self.canary))
        identities = claim_identities()
        self._stack.callback(identities.release)
        guest = identities.guest
        self.identity = Identity(guest.uid, guest.gid) if guest else None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def sandbox(self, without: Sequence[Layer] = (), environment: Path | None = None) -> Sandbox:
        """A sandbox with these layers left out, for the pack's environment or another."""
        missing = frozenset(without)
        folder = environment or environment_for(self.task.pack)
        if (missing, folder) not in self._sandboxes:
            self._sandboxes[missing, folder] = self._stack.enter_context(
                Sandbox(environment=folder, identity=self.identity, without=missing)
            )
        return self._sandboxes[missing, folder]

    def program(
        self,
        source: str,
        *arguments: str,
        without: Sequence[Layer] = (),
        limits: Limits = SMALL,
        files: Mapping[str, bytes] | None = None,
        socket_folder: Path | None = None,
        environment: Path | None = None,
        ports: Sequence[int] = (),
        beside: Callable[[Guest], AbstractContextManager[object]] = nullcontext,
    ) -> Attempted:
        """Run `source`, which defines `attack(*arguments)` returning JSON, in a guest without Django; await its end.

        Ten times as fast as `attack`. The program may import `calls` (calls.py in this folder). `ports` are those that
        it may call; `beside` is entered with the guest meanwhile.
        """
        tree = {"attack.py": source.encode(), "calls.py": _CALLS, "program.py": _PROGRAM, **(files or {})}
        entry: dict[str, Any] = {"kind": "command", "module": "program", "argv": list(arguments)}
        sandbox = self.sandbox(without, environment)
        spawned = sandbox.spawn(tree, entry=entry, limits=limits, socket_folder=socket_folder, ports=ports)
        with spawned as guest, beside(guest):
            try:
                result = guest.wait()
            except CandidateFault as fault:
                return Attempted(fault=fault, ending=guest.stop())
            said = _json(result.output.rpartition(b"\n\n")[2])
            return Attempted(said=said, ending=guest.stop(), status=result.status)

    def honest_guest_answers(self) -> bool:
        """Whether the next guest, after a case, still works."""
        return bool(self.program("def attack(): return 'honest'").said == "honest")

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
        tree = {"attack.py": source.encode(), "settings.py": SETTINGS, "serve.py": _APPLICATION, **(files or {})}
        entry: dict[str, Any] = {
            "kind": "wsgi",
            "settings": "settings",
            "migrate": False,
            "application": "serve.application",
        }
        with self.sandbox(without).spawn(tree, entry=entry, limits=limits, socket_folder=socket_folder) as guest:
            try:
                answer = guest.http(Request(target=target))
            except CandidateFault as fault:
                return Attempted(fault=fault, ending=guest.stop())
            return Attempted(said=_json(answer.body), ending=guest.stop())

    @contextmanager
    def application(self, source: str, *, limits: Limits = SMALL, without: Sequence[Layer] = ()) -> Iterator[Guest]:
        """A guest that serves `application` of `source`, and nothing of Django's own."""
        tree = {"settings.py": SETTINGS, "serve.py": source.encode(), "calls.py": _CALLS}
        entry: dict[str, Any] = {"kind": "wsgi", "settings": "settings", "application": "serve.application"}
        with self.sandbox(without).spawn(tree, entry=entry, limits=limits) as guest:
            yield guest

    @property
    def slot(self) -> Slot:
        """A slot with the shop's data."""
        if self._slot is None:
            self._slot = self._stack.enter_context(Slot(self.task.pack))
            self._slot.open(self.task, local_seed(self.task), lambda phase, what: None)
            self.kept.update(os.listdir(self.scratch))
        return self._slot

    @contextmanager
    def shop(self, files: Mapping[str, str]) -> Iterator[RunningGuest]:
        """The shop's start with these files changed, running on a fresh clone, watched by the witness."""
        seed = local_seed(self.task)
        run = self.slot.run(self.task, self.submission(files), seed, lambda phase, what: None)
        with run.guest() as guest:
            yield guest

    def names_in_the_server(self) -> list[str]:
        """Its databases, its roles, and whose sessions it has; none before the slot is used.

        Without the clones that wait for a guest, each with a role of its name.
        """
        if self._slot is None:
            return []
        names = self._slot._opened().cluster.admin.execute(
            "SELECT datname FROM pg_database UNION SELECT rolname FROM pg_roles"
            " UNION SELECT usename FROM pg_stat_activity WHERE usename IS NOT NULL"
            " EXCEPT SELECT datname FROM pg_database WHERE NOT datallowconn"
        )
        return [str(name) for (name,) in names]

    def witness_still_reads(self) -> bool:
        """Whether the slot's server, after a case, logs and counts what it should."""
        try:
            if self._slot is not None:
                self._slot.prove_sound()
        except DjudgeError:
            return False
        return True

    def submission(self, files: Mapping[str, str]) -> Submission:
        """A submission with these files changed; under the rules of any candidate's."""
        return submission_of_files(self.task, {path: text.encode() for path, text in files.items()})

    def grade(self, files: Mapping[str, str]) -> Report:
        """The whole grading of a submission."""
        return grade(self.slot, self.task, self.submission(files), local_seed(self.task), lambda phase, what: None)

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
    def folder(self) -> str:
        """The name of its folder."""
        return f"{self.id}_{self.name.replace(' ', '_')}"

    @property
    def title(self) -> str:
        """The first line of its docstring."""
        return (self.module.__doc__ or "").strip().splitlines()[0]

    @property
    def reason(self) -> str:
        """By what it must be stopped."""
        return str(self.module.REASON)

    @property
    def needs_root(self) -> bool:
        """Whether it shows something that only a judge who is root can be asked."""
        return bool(getattr(self.module, "NEEDS_ROOT", False))

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


@dataclass(frozen=True, slots=True)
class Unbuilt:
    """A bullet of the list that can't be built here: a folder with the reason and no case."""

    id: str
    reason: str


def unbuilt() -> list[Unbuilt]:
    """All of them, by folder; the reason is the first paragraph below the title of its README.md."""
    found = []
    for folder in sorted(FOLDER.iterdir()):
        matched = IDS.fullmatch(folder.name)
        if matched and not (folder / "case.py").is_file() and (folder / "README.md").is_file():
            paragraph = (folder / "README.md").read_text().split("\n\n")[1]
            found.append(Unbuilt(matched[1], " ".join(paragraph.split())))
    return found


def all_ids() -> list[str]:
    """Every id that a case or a reason may have, in order."""
    return [f"{chapter}{number:02}" for chapter, last in CHAPTERS.items() for number in range(1, last + 1)]


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


@contextmanager
def _environ_with(**values: str) -> Iterator[None]:
    """The judge's own environment with these, for a while; where temporary files go is read anew."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    tempfile.tempdir = None
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        tempfile.tempdir = None
