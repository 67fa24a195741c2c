"""The pages of the workshops."""

from django.http import Http404
from django.shortcuts import render

from workshops.adapter import CATALOGUE


def workshop_list(request):
    """All workshops that are no drafts."""
    found = [(word, each) for word, each in CATALOGUE.workshops.items() if not each["draft"]]
    found.sort(key=lambda one: (one[1]["title"], one[0]))
    return render(request, "workshops/list.html", {"workshops": found})


def workshop_detail(request, word):
    """One workshop."""
    each = CATALOGUE.workshops.get(word)
    if each is None or each["draft"]:
        raise Http404("No such workshop.")
    return render(request, "workshops/list.html", {"workshops": [(word, each)], "dates": CATALOGUE.dates_of(word)})
