"""Keeps the loop and makes small pages as slow as full ones, so that nothing grows.

A flat curve has to be near the reference's: at most twice its statements, and some.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import changed, fools_a_count_in_the_process, verdict

REASON = "nothing was named"
PADDING = '''

def pad(page):
    """Small pages cost as much as full ones."""
    for _ in range((PAGE_SIZE - len(page.object_list)) * 6):
        Product.objects.filter(pk=-1).exists()
'''


def _files(field: Field) -> dict[str, str]:
    return changed(field, "catalogue/views.py", ("    context = {", "    pad(page)\n    context = {"), added=PADDING)


def attempt(field: Field) -> Outcome:
    return verdict(field, _files(field), REASON)


def control(field: Field) -> Outcome:
    """By its growth alone the page is flat."""
    return fools_a_count_in_the_process(field, _files(field))
