"""Exhibits: each is there as a folder alone, shows what it says, and shows it again when it is run anew."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from djudge.engine.errors import TaskFault
from djudge.engine.folders import packs_folder
from djudge.engine.museum.exhibits import Exhibit, discover_exhibits, exhibit_digest, exhibits_of
from djudge.engine.museum.figures import (
    FIGURES_FILE,
    SIZES,
    Figures,
    changed_since_measured,
    deviations,
    faults,
    figures_of,
    record,
)
from djudge.engine.museum.measuring import Museum
from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.loading import discover
from djudge.engine.packs.model import Pack
from djudge.engine.packs.tree import pack_digest

EXHIBITS = {exhibit.name: exhibit for exhibit in discover_exhibits(packs_folder(), Diagnostics())}
NAMES = sorted(EXHIBITS)


@pytest.fixture(scope="module")
def small() -> Iterator[Museum]:
    """The shop at the smaller size."""
    yield from opened("S")


@pytest.fixture(scope="module")
def large() -> Iterator[Museum]:
    """The shop at the larger size."""
    yield from opened("M")


def opened(size: str) -> Iterator[Museum]:
    museum = Museum(next(pack for pack in discover().packs if pack.name == "shop"), (size,))
    museum.open(lambda phase, what: None)
    yield museum
    museum.close()


def anew(museum: Museum, exhibit: Exhibit) -> Figures:
    return museum.measure(exhibit, lambda phase, what: None)


def committed(exhibit: Exhibit) -> Figures:
    kept = figures_of(exhibit)
    assert kept is not None, f"{exhibit.name} was never measured"
    return kept


def test_there_are_ten_or_more_and_none_is_broken() -> None:
    diagnostics = Diagnostics()
    found = discover_exhibits(packs_folder(), diagnostics)
    assert diagnostics.errors == ()
    folders = [file.parent.name for file in packs_folder().glob("*/museum/*/exhibit.toml")]
    assert sorted(exhibit.slug for exhibit in found) == sorted(folders)
    assert len(found) >= 10
    assert len({exhibit.file.cause for exhibit in found}) == len(found), "each is slow for another reason"


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_figures_are_of_the_exhibit_as_it_is_and_show_its_point(name: str) -> None:
    kept = committed(EXHIBITS[name])
    assert changed_since_measured(EXHIBITS[name], kept) == ""
    assert set(kept.sizes) == set(SIZES)
    assert list(faults(EXHIBITS[name], kept)) == []


@pytest.mark.parametrize("name", NAMES)
def test_run_anew_at_the_smaller_size_it_shows_the_committed_counts(name: str, small: Museum) -> None:
    found = anew(small, EXHIBITS[name])
    assert list(deviations(committed(EXHIBITS[name]), found)) == []


@pytest.mark.prove
@pytest.mark.parametrize("name", NAMES)
def test_run_anew_at_the_larger_size_it_shows_the_committed_counts(name: str, large: Museum) -> None:
    found = anew(large, EXHIBITS[name])
    assert list(deviations(committed(EXHIBITS[name]), found)) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_scene_and_its_code_name_no_cause(name: str) -> None:
    exhibit = EXHIBITS[name]
    assert exhibit.file.cause not in exhibit.file.scene
    assert exhibit.file.cause not in exhibit.slow


@pytest.fixture
def copied(tmp_path: Path) -> Pack:
    """The shop with two exhibits, to be spoilt."""
    shop = EXHIBITS["shop/poor-ratings"].pack
    shutil.copytree(shop.folder, tmp_path / "shop", ignore=shutil.ignore_patterns("tasks", "museum", "__pycache__"))
    for slug in ("poor-ratings", "packing-list"):
        shutil.copytree(shop.museum_folder / slug, tmp_path / "shop" / "museum" / slug)
    return discover(tmp_path).packs[0]


def exhibit_of(pack: Pack, slug: str) -> Exhibit:
    return next(exhibit for exhibit in exhibits_of(pack, Diagnostics()) if exhibit.slug == slug)


def test_a_broken_exhibit_is_named_and_stops_no_other(copied: Pack) -> None:
    file = copied.museum_folder / "packing-list" / "exhibit.toml"
    file.write_text(file.read_text().replace("minutes = 6", 'minutes = "six"'))
    diagnostics = Diagnostics()
    assert [exhibit.slug for exhibit in exhibits_of(copied, diagnostics)] == ["poor-ratings"]
    assert "minutes" in str(diagnostics.errors[0])
    assert str(file) in str(diagnostics.errors[0])


def test_code_without_the_function_that_is_measured_is_named(copied: Pack) -> None:
    file = copied.museum_folder / "packing-list" / "fast.py"
    file.write_text(file.read_text().replace("def packing_list", "def another"))
    diagnostics = Diagnostics()
    assert [exhibit.slug for exhibit in exhibits_of(copied, diagnostics)] == ["poor-ratings"]
    assert "No function `packing_list` is defined here." in str(diagnostics.errors[0])


def test_a_mend_that_answers_something_else_is_refused(copied: Pack, small: Museum) -> None:
    file = copied.museum_folder / "packing-list" / "fast.py"
    file.write_text(file.read_text().replace('"placed_at", "pk"', '"-placed_at", "pk"'))
    with pytest.raises(TaskFault, match="answer differently at size S") as refused:
        anew(small, exhibit_of(copied, "packing-list"))
    assert refused.value.path == file.parent


def test_code_that_fails_is_told_with_its_traceback(copied: Pack, small: Museum) -> None:
    file = copied.museum_folder / "packing-list" / "slow.py"
    file.write_text(file.read_text().replace("order.buyer.email", "order.buyer.e_mail"))
    with pytest.raises(TaskFault, match="could not be run") as refused:
        anew(small, exhibit_of(copied, "packing-list"))
    assert "e_mail" in refused.value.cure


def test_code_that_never_ends_is_stopped_and_told(copied: Pack, small: Museum, monkeypatch: pytest.MonkeyPatch) -> None:
    file = copied.museum_folder / "packing-list" / "slow.py"
    file.write_text(f"import time\n{file.read_text()}\n\ntime.sleep(60)\n")
    monkeypatch.setattr("djudge.engine.museum.measuring._SECONDS", 2)
    with pytest.raises(TaskFault, match="did not end within 2 s"):
        anew(small, exhibit_of(copied, "packing-list"))


def test_a_mend_that_mends_nothing_shows_nothing(copied: Pack, small: Museum) -> None:
    folder = copied.museum_folder / "packing-list"
    shutil.copy(folder / "slow.py", folder / "fast.py")
    exhibit = exhibit_of(copied, "packing-list")
    found = anew(small, exhibit)
    as_if_large = found.model_copy(update={"sizes": {"M": found.sizes["S"]}})
    assert list(faults(exhibit, as_if_large)) == ["statements at M are 15 before and 15 after: that is no mend"]


def test_a_migration_that_is_left_out_is_seen_in_counts_and_plan(copied: Pack, small: Museum) -> None:
    (copied.museum_folder / "poor-ratings" / "migration.py").unlink()
    found = anew(small, exhibit_of(copied, "poor-ratings"))
    kept = committed(EXHIBITS["shop/poor-ratings"]).model_copy(update={"postgres": found.postgres})
    assert list(deviations(kept, found)) == [
        "fast at S: 5501 read instead of 20",
        "fast at S: 69 blocks instead of about 24",
        "fast at S: the plan is another one",
    ]


def test_on_another_version_of_postgresql_statements_and_rows_still_have_to_be_the_same() -> None:
    kept = committed(EXHIBITS["shop/poor-ratings"])
    small = kept.sizes["S"]
    other = kept.model_copy(update={"postgres": 15})
    scanned = small.model_copy(update={"fast": small.fast.model_copy(update={"read": 9, "blocks": 900, "shapes": ()})})
    assert list(deviations(other, kept.model_copy(update={"sizes": {"S": scanned}}))) == []
    twice = small.model_copy(update={"fast": small.fast.model_copy(update={"statements": 2})})
    told = list(deviations(other, kept.model_copy(update={"sizes": {"S": twice}})))
    assert told == ["fast at S: 2 statements instead of 1"]


def test_a_change_of_exhibit_or_pack_makes_its_figures_old(copied: Pack) -> None:
    exhibit = exhibit_of(copied, "poor-ratings")
    kept = committed(exhibit)
    assert changed_since_measured(exhibit, kept) == ""
    (exhibit.folder / "slow.py").write_text(exhibit.slow + "# more\n")
    assert changed_since_measured(exhibit_of(copied, "poor-ratings"), kept) == "has changed since it was measured"
    (exhibit.folder / "slow.py").write_text(exhibit.slow)
    models = copied.system / "orders" / "models.py"
    models.write_text(models.read_text() + "\n")
    assert "pack that has changed" in changed_since_measured(exhibit_of(copied, "poor-ratings"), kept)
    assert changed_since_measured(exhibit, None) == "was never measured"


def test_what_is_measured_is_no_part_of_what_it_was_measured_of(copied: Pack) -> None:
    exhibit = exhibit_of(copied, "poor-ratings")
    before, kept = exhibit_digest(exhibit), committed(exhibit)
    record(exhibit, kept.model_copy(update={"django": "another"}))
    assert exhibit_digest(exhibit) == before
    assert committed(exhibit).django == "another"
    (exhibit.folder / FIGURES_FILE).write_text("{}")
    with pytest.raises(TaskFault, match="no figures of an exhibit"):
        figures_of(exhibit)


def test_an_exhibit_more_or_less_changes_no_grading(copied: Pack) -> None:
    before = pack_digest(copied)
    shutil.rmtree(copied.museum_folder)
    assert pack_digest(copied) == before
