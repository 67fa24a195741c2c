"""The shop's test data for the judge: the same goods that `manage.py generate` makes.

The source is `system/catalogue/generator.py`, because the system must also work alone. It is loaded here by its path,
from the pack's own folder: never from a submission, whose `catalogue` a candidate may change.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

SOURCE = Path(__file__).resolve().parent / "system" / "catalogue" / "generator.py"
NAME = "djudge_shop_generator"


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location(NAME, SOURCE)
    if spec is None or spec.loader is None:
        raise ImportError(f"{SOURCE} can't be loaded.")
    module = sys.modules[NAME] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_generator = _load()

SCALES = _generator.SCALES
Table = _generator.Table
copy_into = _generator.copy_into
tables = _generator.tables
