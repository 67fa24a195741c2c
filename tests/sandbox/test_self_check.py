"""The layers are really tried, and one that is missing is named with a cure."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest
from tests.plain_user import run_as_plain_user
from tests.sandbox.conftest import is_root

from djudge.engine.sandbox.contract import Layer
from djudge.engine.sandbox.self_check import check_layers, check_services, require_all

ROOT = Path(__file__).parents[2]


def test_every_layer_is_tried_and_works_here() -> None:
    reports = check_layers()
    assert {report.layer for report in reports} == {str(layer) for layer in Layer}
    assert [report for report in reports if not report.works] == []
    require_all()
    assert check_services().works


#: A kernel that answers one system call with one error, as an older or a locked one would.
OLDER_KERNEL = """
import ctypes, struct, sys
sys.path.insert(0, {root!r})
from djudge.engine.sandbox import self_check
from djudge.guest import kernel, seccomp
code = b"".join(struct.pack("<HBBI", *one) for one in [
    (0x20, 0, 0, 0), (0x15, 0, 1, {number}), (0x06, 0, 0, 0x00050000 | {error}), (0x06, 0, 0, 0x7FFF0000)])
buffer = ctypes.create_string_buffer(code, len(code))
program = seccomp._Program(length=len(code) // 8, filter=ctypes.addressof(buffer))
kernel.prctl("test", kernel.PR_SET_NO_NEW_PRIVS, 1)
kernel.call("test", "seccomp", 317, ctypes.c_uint(1), ctypes.c_uint(0), ctypes.byref(program))
for report in self_check.check_layers():
    if not report.works:
        print(report.layer, bool(report.cure))
try:
    self_check.require_all()
except self_check.SandboxUnavailable as error:
    print("refused", error.layer, bool(error.cure))
"""

MISSING = {
    "landlock": (444, errno.ENOSYS),
    "seccomp": (317, errno.EINVAL),
    "mounts": (155, errno.EPERM),
}


@pytest.mark.parametrize(("layer", "number", "error"), [(layer, *call) for layer, call in MISSING.items()])
def test_a_machine_that_lacks_a_layer_is_refused_and_told_which(layer: str, number: int, error: int) -> None:
    script = OLDER_KERNEL.format(root=str(ROOT / "src"), number=number, error=error)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=30, check=False)
    assert done.stdout.decode().split() == [layer, "True", "refused", layer, "True"], done.stderr


@pytest.mark.plain_user
def test_an_ordinary_user_without_user_namespaces_is_refused_and_told_so() -> None:
    if not is_root():
        pytest.skip("needs root to begin with")
    script = OLDER_KERNEL.format(root=str(ROOT / "src"), number=272, error=errno.EPERM)
    done = run_as_plain_user([sys.executable, "-c", script])
    assert done.stdout.decode().split() == ["identity", "True", "refused", "identity", "True"], done.stderr
