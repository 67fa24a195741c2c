"""Injects HTML, scripts, terminal escapes, reversed text and formulas through its error, its SQL and its page.

Every text of a guest's is made harmless where it is shown: in the terminal, in HTML, in JUnit.
"""

from xml.etree import ElementTree

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import changed

from djudge.engine.reports.document import Report
from djudge.engine.reports.html import render_html
from djudge.engine.reports.junit import render_junit
from djudge.engine.reports.terminal import render_terminal

REASON = "shown as text, everywhere"
HOSTILE = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    "\x1b[2J\x1b]0;owned\x07\u202egnp.exe\u2066 =cmd|'/c calc'!A1 ]]> &bomb; \x00\ufffe"
)
NAMED = HOSTILE.replace("\0", "").replace('"', "")[:50]
RAISING = f"\n\nraise RuntimeError({HOSTILE!r})\n"
ASKING = f"""    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 AS " + connection.ops.quote_name({NAMED!r}))
"""
BEFORE = "    tree = CategoryTree"
#: What the page's own HTML and the terminal's own colours never hold.
FORBIDDEN = ("<script>alert", "<img src=x", "\x1b[2J", "\x1b]0;", "\x07", "\u202e", "\u2066")


def attempt(field: Field) -> Outcome:
    raising = field.grade(changed(field, "stallhouse/settings.py", added=RAISING))
    asking = field.grade(changed(field, "catalogue/views.py", (BEFORE, ASKING + BEFORE)))
    found = [f"{where}: {text!r}" for report in (raising, asking) for where, text in _leaks(report)]
    return Outcome(succeeded=bool(found), reason=", ".join(found) or REASON)


def _leaks(report: Report) -> list[tuple[str, str]]:
    junit = render_junit(report)
    ElementTree.fromstring(junit.encode())
    shown = {"terminal": render_terminal(report), "html": render_html(report), "junit": junit}
    return [
        (where, text)
        for where, page in shown.items()
        for text in FORBIDDEN
        if text in page and not (where == "terminal" and text.startswith("<"))
    ]


def control(field: Field) -> Outcome:
    """In the stored report the guest's words are as they were."""
    report = field.grade(changed(field, "stallhouse/settings.py", added=RAISING))
    detail = report.fault.detail if report.fault else ""
    return Outcome(
        succeeded="<script>alert(1)</script>" in detail and "owned" in detail, reason=f"said {detail[-200:]!r}"
    )
