"""Shows so much on each page that the judge's own notes of it get too large, and the task's author is to blame.

Of a page only so much is kept; what goes beyond it makes the page a wrong one, and the judge's notes stay small.
"""

import json

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import changed, targets, verdict

from djudge.engine.packs.observing import OBSERVATION_BYTES
from djudge.engine.packs.task_code import load_functions

REASON = "gate page"
VIEW = '''

FACT = "\\\\u00fc" * 480
CARD = f"""<article class="product" data-sku="{FACT}"><b class="name">{FACT}</b><b class="brand">{FACT}</b>
<b class="price" data-amount="{FACT}" data-currency="{FACT}"></b><ul class="tags"><li>{FACT}</ul></article>"""
PAGE = CARD.encode() * 75
'''
CARDS_READ, TIMES, FACT_BYTES = 75, 6, 480 * 6


def _files(field: Field) -> dict[str, str]:
    return changed(
        field,
        "catalogue/views.py",
        ("    tree = CategoryTree.load()", "    return HttpResponse(PAGE)\n    tree = CategoryTree.load()"),
        added=VIEW.replace("\\\\", "\\"),
    )


def attempt(field: Field) -> Outcome:
    return verdict(field, _files(field), REASON)


def control(field: Field) -> Outcome:
    """All facts of the pages that are asked for, kept as they are told, are more than an observation may have."""
    with field.shop(_files(field)) as guest:
        answer = guest.get(targets(field)[0]).answer
    told = CARDS_READ * TIMES * FACT_BYTES
    names = load_functions(field.task).observe.__globals__
    kept = len(json.dumps(names["READER"].read(answer)))
    return Outcome(succeeded=told > OBSERVATION_BYTES > 20 * kept, reason=f"{told} bytes told, {kept} kept")
