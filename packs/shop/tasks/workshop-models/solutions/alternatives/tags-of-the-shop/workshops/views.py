"""The pages of the workshops. Each reads with a fixed number of queries."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from workshops.models import Workshop


@require_safe
def workshop_list(request):
    """All workshops that are no drafts, by title, then by word."""
    return render(request, "workshops/workshop_list.html", {"workshops": shown()})


@require_safe
def workshop_detail(request, word):
    """One workshop with its makers, labels and dates; 404 for drafts and for words that no workshop has."""
    workshop = get_object_or_404(shown(), word=word)
    context = {"workshop": workshop, "dates": workshop.dates.with_facts()}
    return render(request, "workshops/workshop_detail.html", context)


def shown():
    """What the public sees, with what an article shows of it: three statements."""
    return Workshop.objects.filter(draft=False).prefetch_related("labels", "givings__maker")
