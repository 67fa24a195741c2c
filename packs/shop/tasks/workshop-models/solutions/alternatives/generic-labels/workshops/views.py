"""The pages of the workshops."""

from django.http import Http404
from django.shortcuts import render

from workshops.models import Workshop


def workshop_list(request):
    """All workshops that are no drafts, by title, then by word."""
    workshops = sorted(Workshop.objects.exclude(draft=True), key=lambda each: (each.title, each.slug))
    return render(request, "workshops/all.html", {"workshops": workshops})


def workshop_detail(request, word):
    """One workshop with its makers, labels and dates; 404 for drafts and for words that no workshop has."""
    workshop = Workshop.objects.filter(slug=word).first()
    if workshop is None or workshop.draft:
        raise Http404("No such workshop.")
    return render(request, "workshops/one.html", {"workshop": workshop})
