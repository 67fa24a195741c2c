"""A small pack, written anew for each test, and ways to break it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from djudge.engine.packs.loading import discover, find_task
from djudge.engine.packs.model import Task

SYSTEM = {
    "manage.py": "print('manage')\n",
    "fair/__init__.py": "",
    "fair/settings.py": "DEBUG = False\n",
    "fair/urls.py": "urlpatterns = []\n",
    "fair/wsgi.py": "application = None\n",
    "stalls/__init__.py": "",
    "stalls/models.py": "from django.db import models\n",
    "stalls/views.py": "def stalls(request):\n    return None\n",
    "stalls/templates/stalls/list.html": "<h1>Stalls</h1>\n",
}

PACK = """\
format = 1
name = "fair"
title = "The Fair"
settings = "fair.settings"
wsgi = "fair.wsgi"
"""

TASK = """\
format = 1
id = "FA1"
version = 1
title = "Stalls that nobody sees"
level = 1
minutes = 20
ai_policy = "allowed"
bullets = ["orm-queries"]
editable = ["stalls/*.py", "stalls/templates/**"]

[[check]]
id = "listed"
title = "All stalls"
asks = "The page lists every stall."
bullet = "orm-queries"

[[check]]
id = "kept"
title = "Nothing else breaks"
asks = "Other pages stay as they are."
gate = true
"""

BRIEF = "# Stalls\n\n- The page lists every stall.\n- Other pages stay as they are.\n"
OBSERVE = "from djudge.engine.values import Observations\n\n\ndef observe(run):\n    return Observations()\n"
JUDGE = "from djudge.engine.values import Judgement\n\n\ndef judge(observations, budget):\n    return Judgement(())\n"

TASK_FILES = {
    "task.toml": TASK,
    "brief.md": BRIEF,
    "observe.py": OBSERVE,
    "judge.py": JUDGE,
    "start/stalls/views.py": "def stalls(request):\n    return 'start'\n",
    "visible/test_stalls.py": "def test_stalls(): pass\n",
    "solutions/expert/expected.toml": 'why = "Right."\n',
    "solutions/expert/stalls/views.py": "def stalls(request):\n    return 'the expert way'\n",
    "solutions/wrong/half/expected.toml": 'why = "Half."\n[outcomes]\nlisted = "not_shown"\n',
    "solutions/wrong/half/stalls/views.py": "def stalls(request):\n    return 'the wrong way'\n",
}


def write_tree(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A folder of packs that holds one sound pack with one sound task."""
    pack = write_tree(tmp_path / "packs" / "fair", {"pack.toml": PACK, "requirements.txt": ""})
    write_tree(pack / "system", SYSTEM)
    write_tree(pack / "tasks" / "unseen-stalls", TASK_FILES)
    return tmp_path / "packs"


@pytest.fixture
def task_folder(packs: Path) -> Path:
    return packs / "fair" / "tasks" / "unseen-stalls"


@pytest.fixture
def task(packs: Path) -> Task:
    return find_task(discover(packs), "FA1")


@pytest.fixture
def edit(task_folder: Path) -> Callable[[str, str, str], None]:
    """Replaces text in a file of the task."""

    def replace(name: str, old: str, new: str) -> None:
        file = task_folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace
