"""A Django project of the tests' own, checked once for all that only look at the result."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Called, djudge

from djudge.engine.checking.checking import check
from djudge.engine.checking.order import Order, located_interpreter
from djudge.engine.cli.library import named_pack
from djudge.engine.packs.environments import environment_for
from djudge.engine.reports.check_document import CheckReport

__all__ = ["Called", "djudge"]

PROJECT = Path(__file__).parent / "project"

#: 5 authors with an article and two comments each, a letter for Anna and one for Bob.
SEED = "seed_press --n 5"


@pytest.fixture(scope="session")
def packages() -> Path:
    """Where the project's packages lie: Django and psycopg of the shop's environment."""
    return environment_for(named_pack("shop"))


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, packages: Path) -> None:
    """Our interpreter has the project's packages, as that of an environment would."""
    monkeypatch.setenv("PYTHONPATH", str(packages))
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)


@pytest.fixture(scope="session")
def report(packages: Path) -> Iterator[CheckReport]:
    """The project, checked."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(packages))
        order = Order(
            folder=PROJECT,
            settings="gazette.settings",
            interpreter=located_interpreter(PROJECT, None, {}),
            commands=(SEED,),
        )
        yield check(order, lambda phase, what: None)


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the project with some of its files replaced or added."""

    def copy(**files: str) -> Path:
        folder = tmp_path / "copy"
        shutil.copytree(PROJECT, folder, ignore=shutil.ignore_patterns("__pycache__"))
        for name, content in files.items():
            (folder / f"{name}.py").write_text(content)
        return folder

    return copy
