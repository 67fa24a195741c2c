"""The pages of the workshops."""

from django.http import Http404


def workshop_list(request):
    """All workshops that are no drafts, by title, then by word."""
    raise Http404("Not built yet.")


def workshop_detail(request, word):
    """One workshop with its makers, labels and dates; 404 for drafts and for words that no workshop has."""
    raise Http404("Not built yet.")
