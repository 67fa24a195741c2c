"""Runs a test module for the judge and tells how it went, in numbers. Laid into the tree as a file of its own.

It shares the process with the tests, which may have replaced any of it: what it tells is an answer, given without
knowing over which implementation it ran.
"""

from __future__ import annotations

import io
import unittest


def run(module: str) -> dict[str, int]:
    """How many tests ran, failed, ended in an error, were skipped; stops at the first that does not pass."""
    suite = unittest.defaultTestLoader.loadTestsFromName(module)
    result = unittest.TextTestRunner(stream=io.StringIO(), failfast=True, verbosity=0).run(suite)
    return {
        "ran": result.testsRun,
        "failed": len(result.failures) + len(result.unexpectedSuccesses),
        "errors": len(result.errors),
        "skipped": len(result.skipped) + len(result.expectedFailures),
    }
