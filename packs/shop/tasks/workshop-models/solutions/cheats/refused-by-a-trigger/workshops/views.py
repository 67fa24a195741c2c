"""The pages of the workshops."""

from django.shortcuts import get_object_or_404, render

from workshops.models import Workshop


def workshop_list(request):
    """All workshops that are no drafts, by title, then by word."""
    workshops = Workshop.objects.filter(is_draft=False).order_by("title", "word")
    return render(request, "workshops/workshop_list.html", {"workshops": workshops})


def workshop_detail(request, word):
    """One workshop with its makers, labels and dates; 404 for drafts and for words that no workshop has."""
    workshop = get_object_or_404(Workshop, word=word, is_draft=False)
    context = {"workshop": workshop, "dates": workshop.dates.all()}
    return render(request, "workshops/workshop_detail.html", context)
