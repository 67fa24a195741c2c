"""What the text of a submission shows that honest work does not: names that it uses, and values of the brief."""

import ast
from collections.abc import Iterator, Mapping

from djudge.engine.values import Json

MODULE = "toolbelt/parcels.py"

#: Names by which tests look beside what a module does: by the finding that they are worth.
LOOKS = {
    "uses-files": ("open", "read_text", "read_bytes", "write_text", "write_bytes", "sha256", "md5", "gettempdir"),
    "measures-time": ("perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "process_time", "thread_time"),
}

#: What the reports of the brief name. In tests it is welcome.
EXAMPLES = ("Ibis", "Petrel", "Corvo", "K-4471", 41_300, 40_500)


def examples(changed: Mapping[str, bytes | None]) -> Json:
    """Where the module itself names what only the reports name, as an observation of kind `shape`."""
    found: list[Json] = [
        {"name": str(value), "file": MODULE, "line": line} for value, line in _values(changed.get(MODULE))
    ]
    return {"kind": "shape", "uses": found[:200]}


def _values(content: bytes | None) -> Iterator[tuple[str | int, int]]:
    try:
        tree = ast.parse(content or b"")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int) and node.value in EXAMPLES:
            yield node.value, node.lineno
