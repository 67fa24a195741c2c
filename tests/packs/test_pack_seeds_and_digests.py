"""The same words give the same data everywhere, and another text has another name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from djudge.engine.packs.loading import discover
from djudge.engine.packs.model import Task
from djudge.engine.packs.seeds import local_seed, seed_for
from djudge.engine.packs.tree import digest_of, pack_digest, task_digest


def test_a_seed_depends_on_secret_assessment_and_task_alone(task: Task) -> None:
    seed = seed_for(b"secret", "spring", task)
    assert seed == seed_for(b"secret", "spring", replace(task, version=2, folder=Path("/elsewhere")))
    others = {
        seed_for(b"other", "spring", task).hex,
        seed_for(b"secret", "autumn", task).hex,
        seed_for(b"secret", "spring", replace(task, id="FA2")).hex,
        local_seed(task).hex,
        local_seed(task, "spring").hex,
    }
    assert len(others | {seed.hex}) == 6


def test_the_command_line_repeats_itself_on_every_machine(task: Task) -> None:
    seed = local_seed(task)
    assert seed.assessment == "local"
    assert seed.hex == "f5f90cafdd9964a3c09d931294326e68a2e665744acb1eaacea5d8a32d38e9d0"
    assert seed.random("names").randrange(10**6) == 192279
    assert local_seed(task, "local") == seed


def test_one_more_draw_under_one_label_moves_no_other(task: Task) -> None:
    seed = local_seed(task)
    before = seed.random("b").random()
    first = seed.random("a")
    first.random()
    assert seed.random("b").random() == before
    assert first.random() != seed.random("a").random()
    assert seed.number("a") != seed.number("b")


def test_parts_of_a_seed_can_not_be_shifted_into_each_other(task: Task) -> None:
    other = replace(task, pack=replace(task.pack, name="airFA"), id="1")
    assert seed_for(b"s", "springf", other) != seed_for(b"s", "spring", task)
    shifted = replace(task, pack=replace(task.pack, name="airFA1"), id="")
    assert seed_for(b"s", "springf", shifted).hex != seed_for(b"s", "spring", task).hex


def test_a_digest_names_names_and_bytes(packs: Path, task: Task, edit: Callable[[str, str, str], None]) -> None:
    first, pack_first = task_digest(task), pack_digest(task.pack)
    (task.folder / "__pycache__").mkdir()
    (task.folder / "__pycache__" / "judge.pyc").write_bytes(b"x")
    assert (task_digest(task), pack_digest(task.pack)) == (first, pack_first)
    edit("judge.py", "Judgement(())", "Judgement(()) ")
    second = task_digest(task)
    (task.folder / "judge.py").rename(task.folder / "judge2.py")
    assert len({first, second, task_digest(task)}) == 3
    assert pack_digest(task.pack) == pack_first
    (task.pack.system / "manage.py").write_text("print('other')\n")
    assert pack_digest(discover(packs).packs[0]) != pack_first


def test_bytes_can_not_move_from_a_name_into_a_file() -> None:
    trees = [{"ab": b"c"}, {"a": b"bc"}, {"a": b"b", "c": b""}, {"a": b"", "b": b"c"}, {"abc": b""}, {}]
    assert len({digest_of(tree) for tree in trees}) == len(trees)
