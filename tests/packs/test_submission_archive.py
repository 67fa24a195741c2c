"""A ZIP archive that is handed in: read in bounded memory, and refused for anything odd."""

from __future__ import annotations

import io
import os
import random
import resource
import stat
import struct
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from djudge.engine.errors import SubmissionRefused
from djudge.engine.packs.archive_reading import read_archive
from djudge.engine.packs.model import Task
from djudge.engine.packs.submission import read_submission
from djudge.engine.packs.tree import start_tree

CHANGED = b"def stalls(request):\n    return 'mine'\n"


def pack(path: Path, files: dict[str, bytes] | list[tuple[str | zipfile.ZipInfo, bytes]], **options: int) -> Path:
    entries = list(files.items()) if isinstance(files, dict) else files
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        warnings.simplefilter("ignore")
        for name, content in entries:
            archive.writestr(name, content)
    return path


def refused(path: Path) -> SubmissionRefused:
    with pytest.raises(SubmissionRefused) as caught:
        read_archive(path)
    assert caught.value.what.isprintable()
    assert caught.value.cure.endswith(".")
    return caught.value


def entry(name: str, mode: int = 0, **attributes: int) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.external_attr = mode << 16
    for attribute, value in attributes.items():
        setattr(made, attribute, value)
    return made


def test_a_whole_project_in_an_archive_is_a_submission(task: Task, tmp_path: Path) -> None:
    files = {f"my-solution/{path}": content for path, content in start_tree(task).items()}
    files |= {"my-solution/stalls/views.py": CHANGED, "my-solution/.git/config": b"x", "__MACOSX/._x": b"\0"}
    submission = read_submission(task, pack(tmp_path / "a.zip", files))
    assert submission.changed == {"stalls/views.py": CHANGED}
    assert submission.tree.keys() == start_tree(task).keys()


def test_changed_files_alone_in_an_archive_are_a_submission(task: Task, tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", [(entry("stalls/", stat.S_IFDIR | 0o755), b""), ("stalls/views.py", CHANGED)])
    assert read_submission(task, archive).changed == {"stalls/views.py": CHANGED}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../evil.py", "name"),
        ("stalls/../../evil.py", "name"),
        (".git/../../evil.py", "name"),
        ("/etc/passwd", "name"),
        ("C:/evil.py", "name"),
        ("stalls\\evil.py", "name"),
        ("stalls//evil.py", "name"),
        ("./stalls/evil.py", "name"),
        ("stalls/a\nb.py", "name"),
        ("stalls/a\u202eb.py", "name"),
        ("stalls/a\u200bb.py", "name"),
        ("stalls/" + "x" * 300, "name"),
        ("d/" * 30 + "x.py", "name"),
        ("stalls/trailing. ", "name"),
    ],
)
def test_a_name_that_leads_elsewhere_or_deceives_is_refused(tmp_path: Path, name: str, kind: str) -> None:
    assert refused(pack(tmp_path / "a.zip", {name: b"x"})).kind == kind


def test_a_name_with_a_nul_is_refused_and_not_cut(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", {"stalls/views.pyX": b"x"})
    archive.write_bytes(archive.read_bytes().replace(b"views.pyX", b"views.py\0"))
    refusal = refused(archive)
    assert (refusal.kind, refusal.file) == ("name", "stalls/views.py\\x00")


def test_a_name_in_utf8_without_its_mark_is_read_and_another_encoding_refused(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", {"stalls/XX.py": b"x"})
    content = archive.read_bytes()
    archive.write_bytes(content.replace(b"XX", "é".encode()))
    assert list(read_archive(archive)) == ["stalls/é.py"]
    archive.write_bytes(content.replace(b"XX", b"\xe9X"))
    assert refused(archive).kind == "name"


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_links_and_devices_are_refused(tmp_path: Path, mode: int) -> None:
    refusal = refused(pack(tmp_path / "a.zip", [(entry("stalls/x.py", mode | 0o777), b"/etc/passwd")]))
    assert refusal.kind == ("link" if mode == stat.S_IFLNK else "special_file")


def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    assert refused(pack(tmp_path / "a.zip", [("a.py", b"1"), ("a.py", b"2")])).kind == "duplicate"


def test_names_that_differ_in_case_only_are_refused(tmp_path: Path) -> None:
    assert refused(pack(tmp_path / "a.zip", {"s/a.py": b"1", "s/A.py": b"2"})).kind == "case_collision"
    assert refused(pack(tmp_path / "a.zip", {"s/a.py": b"1", "S/b.py": b"2"})).kind == "case_collision"


def test_a_file_that_is_a_folder_too_is_refused(task: Task, tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", {"stalls/templates/x": b"1", "stalls/templates/x/y.html": b"2"})
    with pytest.raises(SubmissionRefused, match="a file and a folder"):
        read_submission(task, archive)


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", {"a.py": b"x"})
    content = bytearray(archive.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(content)
    assert refused(archive).kind == "encrypted"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_could_not_be_stopped_midway_is_refused(tmp_path: Path, method: int) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.py", b"x" * 1000)
    assert refused(path).kind == "method"


def test_a_bomb_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    zeros = b"\0" * 1024**2
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("stalls/bomb.py", "w") as file,
    ):
        for _ in range(300):
            file.write(zeros)
    content = bytearray(bomb.read_bytes())
    struct.pack_into("<L", content, content.index(b"PK\x01\x02") + 24, 100)
    lying = tmp_path / "lying.zip"
    lying.write_bytes(content)
    program = (
        "import sys, resource, pathlib\n"
        "from djudge.engine.packs.archive_reading import read_archive\n"
        "from djudge.engine.errors import SubmissionRefused\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for path in sys.argv[1:]:\n"
        "    try:\n"
        "        read_archive(pathlib.Path(path))\n"
        "    except SubmissionRefused as refusal:\n"
        "        print(refusal.kind)\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(bomb), str(lying)], capture_output=True, text=True, check=True
    )
    first, second, grown = done.stdout.split()
    assert (first, second in {"too_large", "broken_archive"}) == ("too_large", True)
    assert int(grown) < 60


def test_many_files_that_are_large_together_are_refused(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", {f"f{number}.py": b"\0" * 900_000 for number in range(10)})
    assert refused(archive).kind == "too_large"


def test_a_flood_of_entries_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", {f"f{number}": b"" for number in range(3_100)})
    assert refused(archive).kind == "too_many_files"
    content = bytearray(archive.read_bytes())
    end = content.rindex(b"PK\x05\x06")
    struct.pack_into("<HH", content, end + 8, 1, 1)
    archive.write_bytes(content)
    assert refused(archive).kind == "too_many_files"


def test_an_archive_that_is_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(50 * 1024**3)
    assert refused(path).kind == "too_large"


@pytest.mark.parametrize("content", [b"", b"hello", b"\x1f\x8b\x08", b"Rar!\x1a\x07", b"7z\xbc\xaf'\x1c"])
def test_what_is_no_zip_is_said_to_be_none(task: Task, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(SubmissionRefused, match="no ZIP archive") as caught:
        read_submission(task, tmp_path / "a.zip")
    assert caught.value.kind == "not_an_archive"


def test_a_pipe_instead_of_an_archive_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.zip")
    assert refused(tmp_path / "pipe.zip").kind == "special_file"


def test_an_archive_for_huge_files_is_refused(tmp_path: Path) -> None:
    content = pack(tmp_path / "a.zip", {"a.py": b"x"}).read_bytes()
    end = content.rindex(b"PK\x05\x06")
    (tmp_path / "a.zip").write_bytes(content[:end] + b"PK\x06\x07" + b"\0" * 16 + content[end:])
    assert refused(tmp_path / "a.zip").kind == "broken_archive"


def test_a_truncated_archive_is_said_to_be_damaged(tmp_path: Path) -> None:
    content = pack(tmp_path / "a.zip", {"a.py": b"x" * 5000}).read_bytes()
    (tmp_path / "a.zip").write_bytes(content[: len(content) // 2])
    assert refused(tmp_path / "a.zip").kind == "broken_archive"


NAMES = st.text(min_size=1, max_size=20)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(NAMES, max_size=5),
    content=st.binary(max_size=50),
    flips=st.integers(0, 6),
    seed=st.integers(),
)
def test_a_damaged_archive_is_read_or_refused_and_nothing_else(
    tmp_path: Path, names: list[str], content: bytes, flips: int, seed: int
) -> None:
    held = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for name in names:
            archive.writestr(name, content)
    damaged = bytearray(held.getvalue())
    draw = random.Random(seed)
    for _ in range(flips):
        damaged[draw.randrange(len(damaged))] = draw.randrange(256)
    (tmp_path / "a.zip").write_bytes(damaged)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            files, said = read_archive(tmp_path / "a.zip"), ""
        except SubmissionRefused as refusal:
            files, said = {}, refusal.what
    assert said.isprintable()
    assert all(name.isprintable() and not name.startswith("/") for name in files)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_bytes_that_only_begin_like_an_archive_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04" + content)
    assert refused(tmp_path / "a.zip").kind in {"broken_archive", "too_many_files"}


def test_reading_an_archive_leaves_no_descriptor_open(tmp_path: Path) -> None:
    good, bad = pack(tmp_path / "a.zip", {"a.py": b"x"}), pack(tmp_path / "b.zip", {"../a": b"x"})
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        read_archive(good)
        refused(bad)
    assert len(os.listdir("/proc/self/fd")) == before
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > before
