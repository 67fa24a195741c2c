"""The operator's project as a process that is asked, in its own interpreter. No jail: it is their own code."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from djudge.engine.checking.blame import blamed
from djudge.engine.checking.order import Order
from djudge.engine.checking.telling import About, Answer, Fault
from djudge.engine.errors import OperatorFault, ProjectFault

_SOURCE: Final = Path(__file__).parents[2] / "driver"

#: A page takes moments, filling a database may take a while. Nothing here is a measurement.
PAGE_SECONDS: Final = 30.0
_STEP_SECONDS: Final = 900.0
_STOP_SECONDS: Final = 3.0
_SAID_BYTES: Final = 30_000

#: What was being done, by what was asked.
_STAGES: Final = {
    "set_up": "The project can't be loaded",
    "migrate": "Its migrations failed",
    "load": "A fixture can't be loaded",
    "command": "A command that was to make data failed",
    "people": "Its users can't be read",
    "make_person": "A user can't be made",
    "routes": "Its URLconf can't be read",
}

_YOUNG: Final = "If that is not the project's own words, name a Python of 3.9 or newer with --python."


class PageLost(Exception):
    """A page took the process with it, or gave no answer in time; the process has to be started again."""


class Project:
    """One process of the project on one database. A context manager; `start` takes as long as their `django.setup`."""

    def __init__(self, order: Order, database: Mapping[str, str], scratch: Path) -> None:
        self._order = order
        self._database = dict(database)
        self._scratch = scratch
        self._process: subprocess.Popen[bytes] | None = None
        self._asking = self._answering = -1
        self._unread = b""

    def start(self) -> About:
        """Load the project. Raises ProjectFault, and OperatorFault where the interpreter is none."""
        package = _laid_out(self._scratch)
        (self._scratch / "media").mkdir(exist_ok=True)
        asked, self._asking = os.pipe()
        self._answering, answered = os.pipe()
        try:
            self._process = self._launch(package, asked, answered)
        except OSError as error:
            raise OperatorFault(
                f"{self._order.interpreter} can't be started ({error.strerror}).", "Name another with --python."
            ) from error
        finally:
            os.close(asked)
            os.close(answered)
        told = self.ask(
            "set_up",
            settings=self._order.settings,
            database=self._database,
            scratch=str(self._scratch),
            host=self._order.host,
        )
        return About.model_validate(told)

    def ask(self, what: str, **more: object) -> Any:
        """One question and its answer. Raises ProjectFault."""
        self._send({"do": what, **more})
        try:
            answer = self._receive(_STEP_SECONDS)
        except PageLost as error:
            raise ProjectFault(
                f"{_STAGES.get(what, 'The project stopped')}: {error}.",
                f"What it said stands above. {_YOUNG if what == 'set_up' else ''}".strip(),
                detail=self.said()[-3_000:],
            ) from error
        if "fault" in answer:
            raise blamed(_STAGES.get(what, f"{what} failed"), Fault.model_validate(answer["fault"]), self._order)
        return answer["found"]

    def get(self, path: str, person: str, *, body: bool = False, detailed: bool = False, undo: bool = False) -> Answer:
        """A page as somebody; with `undo` the database is afterwards as it was. Raises PageLost."""
        how = {"body": body, "detailed": detailed, "undo": undo}
        self._send({"do": "get", "path": path, "person": person, **how})
        answer = self._receive(PAGE_SECONDS)
        if "fault" in answer:
            fault = Fault.model_validate(answer["fault"])
            return Answer(status=500, statements=0, fault=fault)
        return Answer.model_validate(answer["found"])

    def said(self) -> str:
        """What the process printed, its end where that is long."""
        with suppress(OSError):
            return (self._scratch / "said").read_bytes()[-_SAID_BYTES:].decode("utf-8", "replace")
        return ""

    def restart(self) -> None:
        """A new process in place of one that was lost."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """End the process and all that it started. Safe to call twice."""
        for descriptor in (self._asking, self._answering):
            if descriptor >= 0:
                os.close(descriptor)
        self._asking = self._answering = -1
        if self._process is None:
            return
        for how in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, how)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_SECONDS)
                break
        self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _launch(self, package: Path, asked: int, answered: int) -> subprocess.Popen[bytes]:
        """In a session of its own, so that Ctrl-C reaches us alone; what it prints goes into a file."""
        self._unread = b""
        with (self._scratch / "said").open("wb") as output:
            return subprocess.Popen(
                [self._order.interpreter, "-m", "djudge.driver", str(asked), str(answered)],
                cwd=self._order.folder,
                env=self._environ(package),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=(asked, answered),
                start_new_session=True,
            )

    def _environ(self, package: Path) -> dict[str, str]:
        """The operator's own, since their settings may read it. What names a database names ours."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        ours = self._database
        paths = [str(package), *filter(None, [os.environ.get("PYTHONPATH")])]
        return {
            **kept,
            "DATABASE_URL": f"postgres://{ours['USER']}:{ours['PASSWORD']}@/{ours['NAME']}?host={ours['HOST']}",
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
        }

    def _send(self, question: Mapping[str, object]) -> None:
        with suppress(BrokenPipeError):
            content = json.dumps(question).encode() + b"\n"
            while content:
                content = content[os.write(self._asking, content) :]

    def _receive(self, seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while b"\n" not in self._unread:
            ready, _, _ = select.select([self._answering], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise PageLost(f"no answer within {seconds:g} s")
            more = os.read(self._answering, 1 << 20)
            if not more:
                raise PageLost("its process ended")
            self._unread += more
        line, _, self._unread = self._unread.partition(b"\n")
        return dict(json.loads(line))


def _laid_out(scratch: Path) -> Path:
    """The driver in a folder of its own: nothing else of ours can be imported there."""
    package = scratch / "driver"
    if not package.is_dir():
        (package / "djudge").mkdir(parents=True)
        (package / "djudge" / "__init__.py").touch()
        shutil.copytree(_SOURCE, package / "djudge" / "driver", ignore=shutil.ignore_patterns("__pycache__"))
    return package
