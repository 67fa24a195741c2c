"""Which names of files are left alone and which are refused, for folders, archives and packs alike."""

from __future__ import annotations

import unicodedata
from fnmatch import fnmatchcase
from typing import Final

#: Folders that tools leave behind. What lies in them is never read.
IGNORED_FOLDERS: Final = frozenset(
    {
        ".git", ".hg", ".svn", ".jj", "__pycache__", ".venv", "venv", ".tox", ".nox", "node_modules",
        "__macosx", ".idea", ".vscode", ".vs", ".fleet", ".zed", ".settings", ".cache", ".mypy_cache",
        ".pytest_cache", ".ruff_cache", ".hypothesis", ".ipynb_checkpoints", ".direnv", ".devcontainer",
        ".github", "htmlcov",
    }
)  # fmt: skip

#: Files that tools and systems leave behind, as globs over the lower-case name.
IGNORED_FILES: Final = (
    "*.pyc", "*.pyo", "*.swp", "*.swo", "*~", ".#*", "#*#", ".ds_store", "._*", "thumbs.db", "desktop.ini",
    ".coverage", ".git", ".gitignore", ".gitattributes", ".gitmodules", ".gitkeep", ".editorconfig",
    ".python-version", ".project", ".envrc", "*.code-workspace", "*.iml",
)  # fmt: skip

NAME_BYTES: Final = 120
PATH_BYTES: Final = 400
DEPTH: Final = 16

_REFUSED_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_REFUSED_LETTERS: Final = frozenset('\\:*?"<>|')


def is_ignored_folder(name: str) -> bool:
    """Whether a folder of this name is left unread."""
    return name.lower() in IGNORED_FOLDERS


def is_ignored_file(name: str) -> bool:
    """Whether a file of this name is left unread."""
    return any(fnmatchcase(name.lower(), glob) for glob in IGNORED_FILES)


def is_ignored(path: str) -> bool:
    """Whether a path leads to something that is left unread."""
    *folders, name = path.split("/")
    return any(map(is_ignored_folder, folders)) or is_ignored_file(name)


def fault_of_path(path: str) -> str | None:
    """Why a relative path is refused, in words that follow "its name", or None where it is fine."""
    parts = path.split("/")
    if len(parts) > DEPTH:
        return f"lies more than {DEPTH} folders deep"
    if len(path.encode("utf-8", "surrogatepass")) > PATH_BYTES:
        return f"is longer than {PATH_BYTES} bytes"
    return next((fault for part in parts if (fault := fault_of_name(part))), None)


def fault_of_name(name: str) -> str | None:
    """Why one part of a path is refused, or None."""
    if name in {"", ".", ".."}:
        return "has an empty part, '.' or '..'"
    if len(name.encode("utf-8", "surrogatepass")) > NAME_BYTES:
        return f"has a part longer than {NAME_BYTES} bytes"
    if any(unicodedata.category(letter) in _REFUSED_CATEGORIES for letter in name):
        return "has control, invisible or undecodable characters"
    if _REFUSED_LETTERS.intersection(name):
        return "has a character that other systems can't store (one of \\ : * ? \" < > |)"
    if name != name.strip() or name.endswith("."):
        return "begins or ends with a space, or ends with a full stop"
    return None


def normal(path: str) -> str:
    """The composed form, in which one name is written in one way (some systems store accents apart)."""
    return unicodedata.normalize("NFC", path)


def collision_key(path: str) -> str:
    """Equal for two paths that are the same on a system that does not tell upper from lower case."""
    return normal(normal(path).casefold())


def show(path: str) -> str:
    """A hostile name for a sentence: what can't be printed as an escape, and never longer than a line."""
    shown = "".join(letter if _is_plain(letter) else ascii(letter)[1:-1] for letter in path)
    return shown if len(shown) <= 160 else f"{shown[:78]} … {shown[-78:]}"


def _is_plain(letter: str) -> bool:
    return letter == " " or (letter.isprintable() and unicodedata.category(letter) not in _REFUSED_CATEGORIES)
