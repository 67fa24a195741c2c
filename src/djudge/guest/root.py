"""What a guest finds below `/`: the interpreter, the C library, the pack's environment, and nothing of the
judge.

The same tree is laid twice: once as the zygote's own root, so that what it imports already has neutral
paths, and once as the skeleton that each guest's root is bound from. An interpreter below a home that
nobody else may enter is bound at the very same path: a bind needs no way through the folders above it.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from djudge.guest import kernel

ENVIRONMENT = "/env"
TREE = "/app"
TEMPORARY = "/tmp"  # noqa: S108 (a tmpfs of the guest's own)
SHARED_MEMORY = "/dev/shm"  # noqa: S108 (likewise)
SOCKETS = "/run/postgresql"

DEVICES = ("null", "random", "urandom")
_READ_ONLY = kernel.ATTR_RDONLY | kernel.ATTR_NOSUID | kernel.ATTR_NODEV
_EMPTY_FOLDERS = (TREE, TEMPORARY, SHARED_MEMORY, SOCKETS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to bind and link, in order. `sources` map a path of the new root to one of the host."""

    links: dict[str, str]
    sources: dict[str, str]
    masked: tuple[str, ...]


def plan(environment: str) -> Plan:
    """The plan for this interpreter on this machine."""
    links: dict[str, str] = {}
    sources: dict[str, str] = {}
    for name in ("/lib", "/lib64", "/lib32"):
        if os.path.islink(name):
            links[name] = os.readlink(name)
        elif os.path.isdir(name):
            sources[name] = name
    for name in ("/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", *interpreter()):
        covered = any(name.startswith(f"{above}/") for above in sources)
        if os.path.exists(name) and not os.path.islink(name) and not covered:
            sources[name] = os.path.realpath(name)
    sources[ENVIRONMENT] = os.path.realpath(environment)
    return Plan(links=links, sources=sources, masked=_masked())


@cache
def interpreter() -> tuple[str, ...]:
    """The paths that make up this interpreter: its libraries, its standard library, the program itself."""
    library = sysconfig.get_config_var("LIBDIR") or ""
    standard = str(Path(os.__file__).resolve().parent.parent)
    paths = [standard, os.path.realpath(sys.executable)]
    if os.path.isdir(library) and library not in ("/usr/lib", "/lib"):
        paths.insert(0, library)
    return tuple(dict.fromkeys(paths))


def _masked() -> tuple[str, ...]:
    """Folders of installed packages: what the operator has there is no business of a guest."""
    standard = Path(os.__file__).resolve().parent
    candidates = (
        standard / "site-packages",
        standard / "dist-packages",
        standard.parent / "python3/dist-packages",
    )
    return tuple(str(folder) for folder in candidates if folder.is_dir())


def lay(base: str, wanted: Plan, host: str) -> None:
    """Fill an empty tmpfs at `base` from the host's tree at `host`; its top stays writable until `seal`."""
    for name, target in wanted.links.items():
        os.symlink(target, base + name)
    for name, source in wanted.sources.items():
        _bind(host + source, base + name, _READ_ONLY)
    for name in wanted.masked:
        kernel.mount("none", base + name, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=4k,mode=755")
        kernel.restrict_mount(base + name, _READ_ONLY | kernel.ATTR_NOEXEC)
    os.makedirs(base + "/dev", exist_ok=True)
    for name in DEVICES:
        _bind(f"{host}/dev/{name}", f"{base}/dev/{name}", kernel.ATTR_NOSUID | kernel.ATTR_NOEXEC)
    for name in _EMPTY_FOLDERS:
        os.makedirs(base + name, exist_ok=True)


def seal(base: str) -> None:
    """Make the top of a laid root read-only; mounts below keep what they are."""
    kernel.restrict_mount(base, _READ_ONLY | kernel.ATTR_NOEXEC, recursive=False)


def bind_code(package: str, target: str) -> None:
    """Our own code, for the zygote alone: the package's first file, and the guest's room of it."""
    _bind(f"{package}/__init__.py", f"{target}/__init__.py", _READ_ONLY)
    _bind(f"{package}/guest", f"{target}/guest", _READ_ONLY)


def _bind(source: str, target: str, attributes: int) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    kernel.mount(source, target, "none", kernel.MS_BIND | kernel.MS_REC)
    kernel.restrict_mount(target, attributes)
