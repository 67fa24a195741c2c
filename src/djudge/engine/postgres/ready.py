"""Ready data folders: made once by initdb, kept in the data folder, copied for each cluster.

Below `<data folder>/postgres/<build>/` lies `base`, the empty cluster, and for each key a stopped cluster
that already holds templates. Next to each data folder lies the password that its superuser had when it was
stopped; a cluster sets a new one when it starts.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from djudge.engine.errors import InfrastructureError, OperatorFault
from djudge.engine.folders import data_folder, scratch_folder
from djudge.engine.leases import leased_folder, sweep
from djudge.engine.postgres.binaries import Binaries
from djudge.engine.postgres.copying import copy_tree
from djudge.engine.postgres.launching import Launch, launch
from djudge.engine.postgres.passwords import random_password
from djudge.engine.postgres.private_mounts import Identity
from djudge.engine.postgres.settings import initdb_arguments

#: Kept clusters beyond this much disk go, the one unused for longest first.
KEPT_BYTES: Final = 4 * 1024**3

_INITDB_SECONDS: Final = 120

_DRAFT: Final = ".draft-"

#: template0 is a third of the files that every start would copy, and nothing uses it.
_TIDY: Final = "UPDATE pg_database SET datistemplate = false WHERE datname = 'template0';\nDROP DATABASE template0;\n"


class ReadyFolders:
    """The kept data folders of one PostgreSQL build. Safe to use from several processes at once."""

    def __init__(self, binaries: Binaries) -> None:
        self._binaries = binaries
        self._location = data_folder() / "postgres" / binaries.build
        self._location.mkdir(parents=True, exist_ok=True, mode=0o700)

    def copy(self, key: str | None, target: Path, owner: Identity | None) -> str:
        """Copy the cluster kept under `key`, else the empty one; return its superuser's password.

        The first call on a machine runs initdb (1 s). 25 ms afterwards, and 0.3 ms for each megabyte of
        templates.
        """
        with self._locked(exclusive=False):
            kept = self._location / _name(key) if key else None
            if kept and kept.is_dir():
                os.utime(kept)
                return _copy_out(kept, target, owner)
        self._ensure_base()
        with self._locked(exclusive=False):
            return _copy_out(self._location / "base", target, owner)

    def keep(self, key: str, data: Path, password: str) -> None:
        """Keep a cleanly stopped data folder under `key`, in place of what was there."""
        with self._draft() as draft:
            copy_tree(data, draft / "data", None)
            _write_password(draft, password)
            with self._locked(exclusive=True):
                shutil.rmtree(self._location / _name(key), ignore_errors=True)
                draft.rename(self._location / _name(key))
                self._prune()

    def forget(self, key: str) -> None:
        """Remove what is kept under `key`."""
        with self._locked(exclusive=True):
            shutil.rmtree(self._location / _name(key), ignore_errors=True)

    def _ensure_base(self) -> None:
        if (self._location / "base").is_dir():
            return
        with self._draft() as draft:
            _initialise(self._binaries, draft)
            with self._locked(exclusive=True):
                if not (self._location / "base").is_dir():
                    draft.rename(self._location / "base")

    @contextmanager
    def _draft(self) -> Iterator[Path]:
        """A folder to build in, gone afterwards unless it got its name; those of judges that were killed go first."""
        sweep(self._location, _DRAFT)
        with leased_folder(self._location, _DRAFT) as draft:
            yield draft

    def _prune(self) -> None:
        kept = [folder for folder in self._location.glob("with-*") if folder.is_dir()]
        room = KEPT_BYTES
        for folder in sorted(kept, key=lambda folder: folder.stat().st_mtime, reverse=True):
            room -= sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
            if room < 0:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _locked(self, *, exclusive: bool) -> Iterator[None]:
        handle = os.open(self._location / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
            yield
        finally:
            os.close(handle)


def _name(key: str) -> str:
    return "with-" + hashlib.sha256(key.encode()).hexdigest()[:32]


def _copy_out(kept: Path, target: Path, owner: Identity | None) -> str:
    copy_tree(kept / "data", target, owner)
    return (kept / "password").read_text()


def _write_password(folder: Path, password: str) -> None:
    file = folder / "password"
    file.touch(mode=0o600)
    file.write_text(password)


def _initialise(binaries: Binaries, draft: Path) -> None:
    """A new cluster without what no exam needs."""
    password = random_password()
    with made_by_initdb(binaries, password, initdb_arguments(binaries.major)) as work:
        single = [
            binaries.program("postgres"),
            "--single",
            "-j",
            "-D",
            str(work / "data"),
            "-c",
            "fsync=off",
            "postgres",
        ]
        _run(binaries, work, _stand_in(), single, feed=_TIDY.replace("\n", "\n\n"))
        copy_tree(work / "data", draft / "data", None)
    _write_password(draft, password)


@contextmanager
def made_by_initdb(binaries: Binaries, password: str, arguments: Sequence[str]) -> Iterator[Path]:
    """A scratch folder with a new cluster in `data`, to be copied from; gone afterwards.

    initdb wants a user that has a name and refuses root, so a stand-in runs it. Costs a second. Raises
    InfrastructureError with what initdb said.
    """
    owner = _stand_in()
    with scratch_folder() as scratch:
        work = scratch / "initdb"
        work.mkdir(mode=0o700)
        _write_password(work, password)
        if owner and os.geteuid() == 0:
            for path in (work, work / "password"):
                os.chown(path, owner.uid, owner.gid)
        places = (f"--pwfile={work / 'password'}", f"--pgdata={work / 'data'}")
        _run(binaries, work, owner, [binaries.program("initdb"), *arguments, *places])
        yield work


def _run(binaries: Binaries, work: Path, owner: Identity | None, program: Sequence[str], feed: str = "") -> None:
    how = Launch(
        program=program,
        identity=owner if os.geteuid() == 0 else None,
        seen_as=owner if os.geteuid() != 0 else None,
        needed=(*binaries.roots, work),
        folder=work,
    )
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as source:
        source.write(feed.encode())
        source.seek(0)
        child = launch(how, output, feed=source.fileno())
        try:
            status = child.wait(_INITDB_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            status = child.wait()
        if status != 0:
            output.seek(0)
            said = output.read()[-1000:].decode(errors="replace")
            raise InfrastructureError(f"{Path(program[0]).name} failed: {said}", kind="initdb_failed")


class _Nobody:
    """The user that every machine has."""

    def __init__(self) -> None:
        try:
            entry = pwd.getpwnam("nobody")
        except KeyError as error:
            raise OperatorFault(
                "There is no user called nobody, as whom initdb could run.", "Add one, or run as an ordinary user."
            ) from error
        self.uid, self.gid = entry.pw_uid, entry.pw_gid


def _stand_in() -> Identity | None:
    """Who runs initdb in our place: it refuses root, and a user without a name."""
    if os.geteuid() == 0:
        return _Nobody()
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return _Nobody()
    return None
