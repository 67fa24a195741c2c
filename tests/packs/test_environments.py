"""Environments are made once for each lock file, hold packages alone, and are made by set-up alone."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from djudge.engine.errors import OperatorFault
from djudge.engine.packs import environments
from djudge.engine.packs.environments import (
    environment_folder,
    environment_for,
    lock_digest,
    make_environment,
)
from djudge.engine.packs.loading import discover

CLONE = Path(__file__).resolve().parents[2]


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock file for a package that lies in a folder instead of on an index."""
    wheel = tmp_path / "wheels" / "tidewater-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    about = "tidewater-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tidewater/__init__.py", "def main():\n    return 7\n")
        archive.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: tidewater\nVersion: 1.0\n")
        archive.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{about}/entry_points.txt", "[console_scripts]\ntidewater = tidewater:main\n")
        archive.writestr(f"{about}/RECORD", "")
    for name in ("PIP_FIND_LINKS", "UV_FIND_LINKS"):
        monkeypatch.setenv(name, str(wheel.parent))
    for name in ("PIP_NO_INDEX", "UV_NO_INDEX", "UV_OFFLINE"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("DJUDGE_DATA", str(tmp_path / "data"))
    file = tmp_path / "requirements.txt"
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    file.write_text(f"tidewater==1.0 \\\n    --hash=sha256:{digest}\n")
    return file


def test_an_environment_holds_packages_and_nothing_of_this_machine(lock: Path) -> None:
    folder = make_environment(lock)
    assert folder == environment_folder(lock)
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["tidewater", "tidewater-1.0.dist-info"]
    everything = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert b"/env/tidewater/__init__.py" in everything
    for secret in (str(lock.parent), str(CLONE), sys.prefix):
        assert secret.encode() not in everything
    assert all(path.stat().st_mode & 0o777 in {0o755, 0o644} for path in [folder, *folder.rglob("*")])
    program = "import tidewater; print(tidewater.main(), tidewater.main.__code__.co_filename)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(folder)!r}); {program}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split()[0] == "7"
    assert os.listdir(folder.parent) == [folder.name]


def test_what_is_there_is_left_alone(lock: Path) -> None:
    folder = environment_folder(lock)
    folder.mkdir(parents=True)
    assert make_environment(lock) == folder
    assert os.listdir(folder) == []


def test_a_package_that_is_not_the_locked_one_is_refused_and_nothing_left(lock: Path) -> None:
    lock.write_text(f"tidewater==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(OperatorFault, match="could not be installed"):
        make_environment(lock)
    assert os.listdir(environment_folder(lock).parent) == []


def test_a_missing_environment_is_the_operators_fault_and_is_not_made(packs: Path, lock: Path) -> None:
    (pack,) = discover(packs).packs
    with pytest.raises(OperatorFault, match="make setup"):
        environment_for(pack)
    assert not environment_folder(pack.requirements).exists()


def test_packs_with_the_same_lock_share_an_environment(lock: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_bytes(lock.read_bytes())
    assert lock_digest(copy) == lock_digest(lock)
    copy.write_text("other\n")
    assert lock_digest(copy) != lock_digest(lock)


def test_set_up_makes_what_is_missing_whatever_else_is_broken(
    packs: Path, lock: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DJUDGE_PACKS", str(packs))
    (packs / "fair" / "requirements.txt").write_bytes(lock.read_bytes())
    (packs / "broken").mkdir()
    (packs / "broken" / "pack.toml").write_text("nonsense")
    assert environments.main() == 0
    told = capsys.readouterr()
    assert "packages of the pack fair" in told.out
    assert "broken/pack.toml:1: error" in told.err
    assert environment_for(discover(packs).packs[0]).is_dir()
    assert environments.main() == 0
    assert capsys.readouterr().out == ""


def test_a_set_up_that_fails_says_so_by_its_status(
    packs: Path, lock: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DJUDGE_PACKS", str(packs))
    (packs / "fair" / "requirements.txt").write_text("no-such-package==1 --hash=sha256:" + "0" * 64)
    assert environments.main() == 2
    assert "could not be installed" in capsys.readouterr().err
