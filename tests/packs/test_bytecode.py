"""Modules that a submission left alone come compiled; those that it wrote are compiled where it runs."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from djudge.engine.packs.bytecode import ByteCode

START = {
    "shop/__init__.py": b"",
    "shop/views.py": b"def page():\n    return 'start'\n",
    "shop/migrations/0001_initial.py": b"operations = []\n",
    "shop/page.html": b"<p>",
}


def compiled(path: str) -> str:
    return importlib.util.cache_from_source(path)


def test_modules_that_are_as_the_start_has_them_come_with_byte_code() -> None:
    files = ByteCode(START).beside(START)
    assert files.keys() - START.keys() == {compiled("shop/__init__.py"), compiled("shop/views.py")}


@pytest.mark.parametrize("changed", [b"def page():\n    return 'mine'\n", b""])
def test_a_changed_module_comes_without(changed: bytes) -> None:
    files = ByteCode(START).beside({**START, "shop/views.py": changed})
    assert compiled("shop/views.py") not in files
    assert compiled("shop/__init__.py") in files


def test_a_deleted_module_leaves_no_byte_code_to_be_imported() -> None:
    tree = {path: content for path, content in START.items() if path != "shop/views.py"}
    assert compiled("shop/views.py") not in ByteCode(START).beside(tree)


def test_the_interpreter_takes_it_and_names_the_place_in_the_guest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path, content in ByteCode(START).beside(START).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    (tmp_path / "shop/views.py").write_bytes(b"raise RuntimeError('the text was compiled')\n")
    monkeypatch.syspath_prepend(tmp_path)
    try:
        from shop.views import page  # type: ignore[import-not-found]  # noqa: PLC0415 (made by this test)

        assert page() == "start"
        assert page.__code__.co_filename == str(tmp_path / "shop/views.py")
    finally:
        for name in ("shop.views", "shop"):
            sys.modules.pop(name, None)
