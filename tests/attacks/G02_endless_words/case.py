"""Ends in tracebacks of many megabytes: a long message, a deep stack, chained errors, half characters, a text that raises.

What a guest tells of its error is cut on its side, and again on ours; every rendering stays short and whole. The control
lets the same errors print in full, in a process of its own.
"""

import dataclasses
import subprocess
import sys
from xml.etree import ElementTree

from tests.attacks.battery import SETTINGS, SMALL, Field, Outcome
from tests.attacks.hostile_shop import changed

from djudge.engine.reports.document import Report
from djudge.engine.reports.html import render_html
from djudge.engine.reports.junit import render_junit
from djudge.engine.reports.terminal import render_terminal

REASON = "each is told, in at most 500 KB"
MOST, MOST_WORDS = 500_000, 20_000
ERRORS = {
    "message": 'raise RuntimeError("x" * 5_000_000)',
    "lines": 'raise RuntimeError("\\n" * 5_000_000)',
    "half characters": 'raise RuntimeError("\\ud800" * 2_000_000)',
    "towers": 'raise RuntimeError("e" + "\\u0301" * 2_000_000)',
    "no name": 'raise type("x" * 3_000_000, (Exception,), {})("y" * 3_000_000)',
    "arguments": 'raise RuntimeError(*["x" * 1000] * 5000)',
    "text that raises": '''
class Odd(Exception):
    def __str__(self):
        raise MemoryError
raise Odd
''',
    "chain": '''
def chained(depth):
    try:
        if depth:
            chained(depth - 1)
        raise ValueError("x" * 3000)
    except Exception as error:
        raise RuntimeError("y" * 3000) from error
chained(300)
''',
    "group": 'raise ExceptionGroup("g" * 1000, [ValueError("x" * 1000)] * 3000)',
    "notes": '''
error = ValueError("x")
for _ in range(300):
    error.add_note("n" * 10_000)
raise error
''',
}  # fmt: skip
ROOMY = dataclasses.replace(SMALL, memory_mb=512)


def attempt(field: Field) -> Outcome:
    told = {name: _fault(field, source) for name, source in ERRORS.items()}
    wrong = {name: complaint for name, complaint in told.items() if complaint}
    report = field.grade(changed(field, "stallhouse/settings.py", added=f"\n\n{ERRORS['chain']}\n"))
    if complaint := _complaint(report):
        wrong["report"] = complaint
    return Outcome(succeeded=any("long" in one for one in wrong.values()), reason=str(wrong) if wrong else REASON)


def _fault(field: Field, source: str) -> str:
    """What is wrong with how the error is told to the judge; nothing where it is short and the guest's."""
    tried = field.attack("def attack(): return 1", files={"settings.py": SETTINGS + source.encode()}, limits=ROOMY)
    if tried.fault is None or tried.fault.phase != "starting" or tried.fault.kind == "protocol":
        return f"told as {tried}"[:300]
    length = len(tried.fault.what) + len(tried.fault.detail)
    return f"{length} characters long" if length > MOST_WORDS else ""


def _complaint(report: Report) -> str:
    if report.fault is None or report.fault.whose != "candidate" or report.fault.phase != "starting":
        return f"told as {report.fault}"[:300]
    junit = render_junit(report)
    ElementTree.fromstring(junit.encode())
    texts = {"page": render_html(report), "terminal": render_terminal(report), "JUnit": junit, "JSON": report.to_json()}
    return ", ".join(f"{where} is {len(text)} long" for where, text in texts.items() if len(text.encode()) > MOST)


def control(field: Field) -> Outcome:
    printed = {}
    for name in ("message", "chain", "notes"):
        done = subprocess.run([sys.executable, "-c", ERRORS[name]], capture_output=True, check=False)
        printed[name] = len(done.stderr)
    return Outcome(succeeded=min(printed.values()) > MOST, reason=str(printed))
