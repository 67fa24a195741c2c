"""`djudge museum` as somebody calls it who prepares for an interview, and as `make prove` would."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Called

from djudge.engine.folders import packs_folder
from djudge.engine.postgres.binaries import find_binaries

type Djudge = Callable[..., Called]


@pytest.fixture
def spoilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shop with one exhibit, whose folder this is; as if it had been measured on the server of now."""
    shop = packs_folder() / "shop"
    shutil.copytree(shop, tmp_path / "shop", ignore=shutil.ignore_patterns("tasks", "museum", "__pycache__"))
    folder = tmp_path / "shop" / "museum" / "poor-ratings"
    shutil.copytree(shop / "museum" / "poor-ratings", folder)
    figures = json.loads((folder / "figures.json").read_text()) | {"postgres": find_binaries().major}
    (folder / "figures.json").write_text(json.dumps(figures))
    monkeypatch.setenv("DJUDGE_PACKS", str(tmp_path))
    return folder


def test_it_says_what_both_versions_did_and_that_it_is_as_committed(djudge: Djudge) -> None:
    told = djudge("museum", "poor-ratings", "--size", "S")
    assert told.status == 0
    name, slow, fast = told.out.splitlines()
    assert name == "shop/poor-ratings"
    assert re.fullmatch(r"  S slow: 1 statements, 20 rows sent, 5,501 rows read, \d+ blocks", slow)
    assert re.fullmatch(r"  S fast: 1 statements, 20 rows sent, 20 rows read, \d+ blocks", fast)


def test_other_counts_than_the_committed_ones_end_with_1_and_are_named(djudge: Djudge, spoilt: Path) -> None:
    (spoilt / "migration.py").unlink()
    told = djudge("museum", "--size", "S")
    assert told.status == 1
    assert "fast at S: 5501 read instead of 20" in told.out


@pytest.mark.prove
def test_what_shows_nothing_is_not_recorded_and_what_does_is(djudge: Djudge, spoilt: Path) -> None:
    migration = (spoilt / "migration.py").read_text()
    (spoilt / "figures.json").unlink()
    (spoilt / "migration.py").unlink()
    told = djudge("museum", "--record")
    assert (told.status, (spoilt / "figures.json").exists()) == (1, False)
    assert "that is no mend" in told.out
    (spoilt / "migration.py").write_text(migration)
    assert djudge("museum", "--record").status == 0
    assert djudge("museum").status == 0
