"""Hands in pickles, templates, byte code, sessions and cookies that start a program where somebody loads them.

Our side loads nothing of a submission: files are bytes, answers are bytes, and reports are made from our own templates.
"""

import pickle
from pathlib import Path

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import changed

from djudge.engine.reports.html import render_html
from djudge.engine.reports.junit import render_junit
from djudge.engine.reports.terminal import render_terminal

REASON = "nothing was loaded"
NAMES = ("observations", "budget", "report", "session", "cache", "data")
TEMPLATE = "{{% for c in [].__class__.__base__.__subclasses__() %}}{{% endfor %}}{{{{ 7 * 19101910191 }}}}{}"
MIDDLEWARE = """
import base64
import pickle
from pathlib import Path

BOMB = (Path(__file__).parent / "data.pickle").read_bytes()


def answering(get_response):
    def respond(request):
        response = get_response(request)
        text = base64.b64encode(BOMB).decode()
        response.set_signed_cookie("sessionid", text)
        response["X-Template"] = "{{ 7 * 19101910191 }}{% load bomb %}"
        response["Content-Encoding"] = "pickle"
        response["Location"] = "file:///etc/passwd"
        response["Content-Length"] = "3"
        return response

    return respond
"""


class _Bomb:
    def __init__(self, file: Path) -> None:
        self.file = str(file)

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (Path(self.file),))


def _files(field: Field, file: Path) -> dict[str, bytes]:
    bomb = pickle.dumps(_Bomb(file))
    bombs = {f"catalogue/{name}.{end}": bomb for name in NAMES for end in ("pickle", "pkl", "bin", "npy", "joblib")}
    templates = {
        f"catalogue/templates/{name}": TEMPLATE.format(name).encode()
        for name in ("report.html", "page.html", "base.html", "terminal.txt", "junit.xml", "report.html.jinja")
    }
    code = {f"catalogue/{name}.py": f"open({str(file)!r}, 'w')".encode() for name in ("observe", "judge", "conftest")}
    added = '\nMIDDLEWARE = ["catalogue.answering.answering", *MIDDLEWARE]\n'
    settings = changed(field, "stallhouse/settings.py", added=added)
    own = {path: text.encode() for path, text in {**settings, "catalogue/answering.py": MIDDLEWARE}.items()}
    return {**bombs, **templates, **code, **own, "catalogue/task.toml": b"format = 9", "catalogue/.djudge": b"{}"}


def attempt(field: Field) -> Outcome:
    file = field.scratch / "loaded"
    texts = {path: content.decode("latin-1") for path, content in _files(field, file).items()}
    report = field.grade(texts)
    rendered = render_html(report) + render_junit(report) + render_terminal(report)
    shown = [one.check for one in report.findings if one.outcome == "shown" and not one.gate]
    if file.exists() or shown or "133713371337" in rendered:
        file.unlink(missing_ok=True)
        return Outcome(succeeded=True, reason=f"loaded; shown {shown}")
    return Outcome(succeeded=False, reason=report.fault.kind if report.fault else REASON)


def control(field: Field) -> Outcome:
    """Whoever loads one of them starts it."""
    file = field.scratch / "loaded"
    pickle.loads(pickle.dumps(_Bomb(file)))
    loaded = file.exists()
    file.unlink(missing_ok=True)
    return Outcome(succeeded=loaded, reason="the pickle did nothing")
