"""Reads the candidate's rendering, and the tracebacks in it, for data of the hidden checks, seeds, solutions and our paths.

The candidate gets the findings and their principle; observations, budgets, the seed and all that names the judge's side
are left out of JSON, page, terminal and JUnit alike. In the control the operator's report has them.
"""

from collections.abc import Mapping

from tests.attacks.B01_walks_the_root.case import hidden_texts
from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import changed

from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.task_code import load_functions
from djudge.engine.reports.assembling import candidate_view
from djudge.engine.reports.document import Report
from djudge.engine.reports.html import render_html
from djudge.engine.reports.junit import render_junit
from djudge.engine.reports.terminal import render_terminal

REASON = "the findings, and nothing hidden"

#: Tells all that it can see of the frames above it, in a traceback.
TELLS = """    import sys
    frame, seen = sys._getframe(), []
    while frame is not None:
        seen.append(f"{frame.f_code.co_filename} {frame.f_locals!r}"[:2000])
        frame = frame.f_back
    raise RuntimeError("\\n".join(seen) + repr(sys.path) + repr(sorted(sys.modules)))
"""
BEFORE = "    tree = CategoryTree"


def attempt(field: Field) -> Outcome:
    found = {}
    for report in _reports(field):
        view = candidate_view(report)
        if not any(one.candidate for one in view.findings):
            return Outcome(succeeded=False, reason="the rendering says nothing at all")
        for where, text in _shown(view).items():
            found |= {f"{name} in {where}": 1 for name, hidden in _hidden(field, report).items() if hidden in text}
    return Outcome(succeeded=bool(found), reason=", ".join(found) or REASON)


def _reports(field: Field) -> list[Report]:
    telling = changed(field, "catalogue/views.py", (BEFORE, TELLS + BEFORE))
    return [field.grade(field.solution("junior")), field.grade(telling)]


def _shown(report: Report) -> Mapping[str, str]:
    return {
        "JSON": report.to_json(),
        "page": render_html(report),
        "terminal": render_terminal(report),
        "JUnit": render_junit(report),
    }


def _hidden(field: Field, report: Report) -> dict[str, str]:
    texts = {f"text {number}": text.decode() for number, text in enumerate(hidden_texts(field))}
    return {
        **texts,
        "the seed": report.environment.seed,
        "the pack's digest": report.environment.pack_digest,
        "the host": report.run.host,
        "the engine": "djudge/engine",
        "the scratch folder": str(field.scratch),
        "a question": report.questions[0].text,
        #: What it was asked for is known to a guest, which may tell it, as its own traceback does.
        **({} if report.fault else {f"the shelf {number}": one for number, one in enumerate(_shelves(field, report))}),
    }


def _shelves(field: Field, report: Report) -> list[str]:
    """The addresses that the hidden checks look at."""
    drawn = load_functions(field.task).observe.__globals__["Shelves"]
    seed = local_seed(field.task)
    assert seed.hex == report.environment.seed
    return [shelf.slug for shelf in drawn.drawn(seed.random("arrange")).all]


def control(field: Field) -> Outcome:
    report = field.grade(field.solution("junior"))
    text = report.to_json()
    wanted = ("the seed", "the pack's digest", "the host", "a question", "the shelf 0")
    missing = [name for name in wanted if _hidden(field, report)[name] not in text]
    return Outcome(succeeded=not missing, reason=f"missing in the operator's: {missing}")
