"""Shows a single product as long as it is measured: in the first answers of a process, or on pages of one kind.

What a measured page says is held against the reference's page, on the same data.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import changed, fools_a_count_in_the_process, verdict

REASON = "gate page"
BEFORE = '    category = form.cleaned_data.get("category")'
FIRST_TWO = """    global ASKED
    ASKED += 1
    if ASKED <= 2:
        page.object_list = page.object_list[:1]
"""
BY_KIND = """    if list(request.GET) == ["category"] and not tree.children(category):
        page.object_list = page.object_list[:1]
"""


def _files(field: Field, trick: str) -> dict[str, str]:
    return changed(field, "catalogue/views.py", (BEFORE, trick + BEFORE), added="\n\nASKED = 0\n")


def attempt(field: Field) -> Outcome:
    outcome = verdict(field, _files(field, FIRST_TWO), REASON)
    return outcome if outcome.reason != REASON else verdict(field, _files(field, BY_KIND), REASON)


def control(field: Field) -> Outcome:
    """Whoever counts statements and does not read the page calls it flat."""
    return fools_a_count_in_the_process(field, _files(field, FIRST_TWO))
