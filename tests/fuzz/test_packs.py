"""What authors write: manifests, globs, Python."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import strategies as st
from tests.fuzz.mutating import FUZZED, bounded_memory, fuzz, mutated, no_hang, steps

from djudge.engine.cli.library import named_task
from djudge.engine.folders import packs_folder
from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.loading import discover, load_pack
from djudge.engine.packs.manifests import ExpectedFile, Manifest, PackFile, TaskFile, glob_to_pattern
from djudge.engine.packs.reading import check_python, read_manifest
from djudge.engine.packs.solutions import read_solutions
from djudge.engine.packs.task_checks import check_editable, check_task_file, limits_from
from djudge.engine.packs.toml_lines import line_of

TASK = named_task("SH4")
FILES: dict[type[Manifest], list[bytes]] = {
    TaskFile: [file.read_bytes() for file in sorted(packs_folder().glob("*/tasks/*/task.toml"))],
    PackFile: [file.read_bytes() for file in sorted(packs_folder().glob("*/pack.toml"))],
    ExpectedFile: [file.read_bytes() for file in sorted(packs_folder().glob("*/tasks/*/solutions/**/expected.toml"))],
}
LIMITS = b"""
[limits]
wall_seconds = 1.5
cpu_seconds = 2
memory_mb = 128
processes = 4
"""
FILES[TaskFile] += [one.replace(b"[[check]]", LIMITS + b"[[check]]", 1) for one in FILES[TaskFile]]

TOML_WORDS = tuple(
    b'"""|\'\'\'|"|[[|]]|[|]|[[check]]|[limits]|[outcomes]|format = 1|id = "X1"|level = 1.0|nan|inf|-inf|1979-05-27'
    b"|0x1F|1_000|{a = 1}|a.b.c = 1|check = []|check.id = 1|\n|\n\n|\\\n|why|true|wall_seconds|**|*|../|/"
    b"|\xef\xbb\xbf".split(b"|")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the task's folder."""
    shutil.copytree(TASK.folder, tmp_path / "task")
    return tmp_path / "task"


@pytest.mark.parametrize("kind", FILES, ids=lambda kind: kind.__name__)
@FUZZED
def test_a_manifest_is_read_or_each_thing_wrong_with_it_is_named(
    folder: Path, kind: type[Manifest], examples: int
) -> None:
    file = folder / "file.toml"

    def read(content: bytes) -> None:
        file.write_bytes(content)
        diagnostics = Diagnostics()
        found = read_manifest(kind, file, diagnostics)
        assert (found is None) == bool(diagnostics.errors)
        assert all(str(entry) for entry in diagnostics)
        if found and isinstance(found[0], TaskFile):
            check_whole(found[0], found[1], folder)

    fuzz(examples, mutated(FILES[kind], TOML_WORDS), read)


def check_whole(wanted: TaskFile, text: str, folder: Path) -> None:
    """What is looked at once a task's manifest is right by itself."""
    diagnostics = Diagnostics()
    check_task_file(folder, wanted, text, TASK.brief, diagnostics)
    check_editable(folder, TASK.pack.system, wanted, text, diagnostics)
    read_solutions(folder, wanted, diagnostics)
    assert limits_from(wanted.limits).memory_mb >= 64
    for glob in wanted.editable:
        glob_to_pattern(glob).fullmatch("catalogue/views.py")


@FUZZED
def test_a_pack_is_loaded_or_left_out(tmp_path: Path, examples: int) -> None:
    shutil.copytree(TASK.pack.folder, tmp_path / "shop", ignore=shutil.ignore_patterns("tasks"))

    def read(content: bytes) -> None:
        (tmp_path / "shop" / "pack.toml").write_bytes(content)
        diagnostics = Diagnostics()
        pack = load_pack(tmp_path / "shop", diagnostics)
        assert (pack is None) == bool(diagnostics.errors)

    fuzz(examples, mutated(FILES[PackFile], TOML_WORDS), read)


@FUZZED
def test_the_line_of_a_key_is_one_of_the_file_or_none(examples: int) -> None:
    keys = st.lists(st.one_of(st.sampled_from(["check", "id", "limits", "x"]), st.integers(0, 3)), max_size=3)

    def find(given: tuple[bytes, list[str | int]]) -> None:
        text = given[0].decode(errors="replace")
        line = line_of(text, given[1])
        assert line is None or 1 <= line <= len(text.splitlines())

    fuzz(examples, st.tuples(mutated(FILES[TaskFile], TOML_WORDS), keys), find)


@FUZZED
def test_an_authors_python_is_looked_at_and_never_run(tmp_path: Path, examples: int) -> None:
    file = tmp_path / "observe.py"
    right = [(TASK.folder / name).read_bytes() for name in ("observe.py", "judge.py")]
    words = (
        b"def observe(run): pass\n",
        b"async ",
        b"class observe: pass\n",
        b"lambda " * 200,
        b"(" * 300,
        b"\t",
        b"f'{",
    )

    def read(content: bytes) -> None:
        file.write_bytes(content)
        check_python(file, {"observe": 1}, Diagnostics())

    fuzz(examples, mutated(right, words), read)


HEAVY = {
    "brackets": "a = [\n[" + " " * 60_000 + "\n1]]",
    "open brackets": "[" * 200_000,
    "a key of dots": "a" + ".a" * 100_000 + " = 1",
    "a table of dots": "[a" + ".a" * 100_000 + "]",
    "lines of dots": ("a" + ".a" * 900 + " = 1\n") * 100,
    "digits": "a = " + "1" * 200_000,
    "spaces": " " * 250_000,
    "quotes": "a = " + '"' * 250_000,
    "keys": "".join(f"k{number} = 1\n" for number in range(5_000)),
    "nested tables": "a = " + "{a = " * 30_000,
    "comments": "#" * 250_000,
}


@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY.keys())
def test_the_heaviest_manifest_is_refused_soon(tmp_path: Path, text: str) -> None:
    file = tmp_path / "task.toml"
    file.write_text(text)
    diagnostics = Diagnostics()
    with no_hang(), bounded_memory(600):
        assert read_manifest(TaskFile, file, diagnostics) is None
        line_of(text, ["check", 1, "id"])
    assert 1 <= len(diagnostics.errors) <= 20


def test_a_number_of_thousands_of_digits_stops_no_other_pack(tmp_path: Path) -> None:
    shutil.copytree(packs_folder(), tmp_path / "packs", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "packs" / "another").mkdir()
    (tmp_path / "packs" / "another" / "pack.toml").write_text("format = " + "1" * 5000)
    library = discover(tmp_path / "packs")
    assert [task.id for task in library.tasks] == [task.id for task in discover().tasks]
    assert "thousands of digits" in str(library.diagnostics[0])


GLOBS = st.lists(st.text(st.sampled_from("ab*?"), min_size=1, max_size=6) | st.just("**"), min_size=1, max_size=6).map(
    "/".join
)
PATHS = st.lists(st.text(st.sampled_from("ab"), min_size=1, max_size=5), min_size=1, max_size=6).map("/".join)


@FUZZED
def test_a_glob_finds_what_its_letters_say(examples: int) -> None:
    """Held against a matcher that tries everything, part by part and letter by letter."""

    def compare(given: tuple[str, str]) -> None:
        glob, path = given
        assert bool(glob_to_pattern(glob).fullmatch(path)) == fits(glob.split("/"), path.split("/")), given

    fuzz(examples, st.tuples(GLOBS, PATHS), compare)


def fits(glob: list[str], path: list[str]) -> bool:
    if not glob or not path:
        return not glob and not path
    if glob[0] == "**":
        return (len(glob) == 1) or fits(glob[1:], path) or fits(glob, path[1:])
    return fits_part(glob[0], path[0]) and fits(glob[1:], path[1:])


def fits_part(glob: str, name: str) -> bool:
    if not glob:
        return not name
    if glob[0] == "*":
        return fits_part(glob[1:], name) or (bool(name) and fits_part(glob, name[1:]))
    return bool(name) and glob[0] in ("?", name[0]) and fits_part(glob[1:], name[1:])


def test_a_glob_of_many_stars_is_decided_at_once() -> None:
    for glob, path in (
        ("**/" * 60 + "x", "a/" * 15 + "y"),
        ("*a" * 90 + "b", "a" * 120),
        ("**/a/" * 35 + "b", "a/" * 15 + "a"),
    ):
        with no_hang(5):
            assert not glob_to_pattern(glob).fullmatch(path)


def test_the_place_of_a_key_takes_steps_in_proportion() -> None:
    few, many = ("[[check]]\nid = 1\n" * size for size in (200, 800))
    assert steps(lambda: line_of(many, ["x"])) <= 6 * steps(lambda: line_of(few, ["x"]))
