"""Injects through names of files and identifiers, its source, the file names of tracebacks, answers and what it prints.

Names are held to what is printable when they come in, and every text is made harmless where it is shown: terminal,
pages of operator and candidate, JUnit, JSON. In the control the stored report has the words as they were.
"""

import io
import json
import unicodedata
from html.parser import HTMLParser
from xml.etree import ElementTree

from rich.console import Console
from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import start_file

from djudge.engine.reports.assembling import candidate_view
from djudge.engine.reports.document import Report
from djudge.engine.reports.html import render_html
from djudge.engine.reports.junit import render_junit
from djudge.engine.reports.terminal import print_report, render_terminal
from djudge.engine.values import Json

REASON = "shown as text, through every door"
WORDS = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\x1b[2J\x1b]0;owned\x07\u202egnp.exe\u2066[red]x[/red]"
    "{{7*7}}{% debug %}%s]]>&bomb;\x9b31m\u200b\ufeff\ufffe"
)
#: As hostile as a name may be.
NAME = "catalogue/'&bomb;{{7+7}}{%25}$(id)`id`[red]x[/red]%s=1+1.py"
IDENTIFIER = "ԁangerous_ſcript_ª"
MIDDLEWARE = f'''"""{WORDS}"""
import sys

WORDS = {WORDS!r}


class {IDENTIFIER}(Exception):
    pass


def hostile(get_response):
    def respond(request):
        response = get_response(request)
        print("\\n=1+1 " + WORDS, file=sys.stderr)
        response["X-Hostile"] = "=1+1 <script>alert(1)</script>"
        response.content = response.content.replace(b'data-sku="', b'data-sku="' + HTML.encode())
        return response
    return respond


HTML = WORDS.replace("<", "&lt;").replace('"', "")
'''
RAISING = f"""
import catalogue.hostile
code = compile("def {IDENTIFIER}(): raise catalogue.hostile.{IDENTIFIER}(catalogue.hostile.WORDS)", "/app/" + catalogue.hostile.WORDS.replace(chr(0), "") + ".py", "exec")
exec(code)
{IDENTIFIER}()
"""
SETTINGS = "stallhouse/settings.py"


def _reports(field: Field) -> list[Report]:
    settings = start_file(field, SETTINGS)
    files = {"catalogue/hostile.py": MIDDLEWARE, NAME: MIDDLEWARE}
    added = '\nMIDDLEWARE = [*MIDDLEWARE, "catalogue.hostile.hostile"]\n'
    return [field.grade({**files, SETTINGS: settings + text}) for text in (added, RAISING)]


def attempt(field: Field) -> Outcome:
    reports = _reports(field)
    found = [leak for report in reports for leak in _leaks(report)]
    if "catalogue/hostile.py" not in {file.path for file in reports[0].submission.files}:
        return Outcome(succeeded=False, reason="the hostile files did not come in")
    return Outcome(succeeded=bool(found), reason=", ".join(found)[:1000] or REASON)


def _leaks(report: Report) -> list[str]:
    pages = {"page": render_html(report), "candidate's page": render_html(candidate_view(report))}
    shown = {**pages, "terminal": render_terminal(report), "JUnit": render_junit(report), "JSON": report.to_json()}
    hidden = [f"{where}: {letter!r}" for where, text in shown.items() for letter in sorted(set(text)) if _hides(letter)]
    markup = [f"{where}: {tag}" for where, text in pages.items() for tag in _Markup(text).found]
    return [*hidden, *markup, *_formulas(shown["JUnit"]), *_controls(report)]


def _hides(letter: str) -> bool:
    return letter not in "\n\t" and unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


class _Markup(HTMLParser):
    """What a page would run, load or obey."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "img", "iframe", "object", "embed", "form", "base"):
            self.found.append(f"<{tag}>")
        self.found += [name for name, _ in attrs if name.startswith("on") or name in ("style", "src", "srcdoc")]


def _formulas(junit: str) -> list[str]:
    values = [value for one in ElementTree.fromstring(junit.encode()).iter() for value in one.attrib.values()]
    return [f"JUnit computes {value[:40]!r}" for value in values if value.lstrip(" ").startswith(("=", "+", "-", "@"))]


def _controls(report: Report) -> list[str]:
    """On a terminal with colours: any sequence that is not a colour of ours, and markup that was obeyed."""
    out = io.StringIO()
    print_report(report, Console(file=out, force_terminal=True, width=200, color_system="standard"))
    sequences = {piece.partition("m")[0] for piece in out.getvalue().split("\x1b")[1:]}
    return [f"terminal: {one[:40]!r}" for one in sorted(sequences) if one.strip("[0123456789;")]


def control(field: Field) -> Outcome:
    stored = [json.loads(report.to_json()) for report in _reports(field)]
    doors = {text for report in stored for text in _texts(report)}
    words = WORDS.replace("\0", "")
    missing = [
        name
        for name, text in {"words": words, "name": NAME, "identifier": IDENTIFIER, "escape": "\x1b[2J"}.items()
        if not any(text in one for one in doors)
    ]
    return Outcome(succeeded=not missing, reason=f"not in the stored report: {missing}")


def _texts(value: Json) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for one in pair for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []
