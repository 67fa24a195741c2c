"""Figures for the reseller portal."""

from django.http import JsonResponse
from django.views.decorators.http import require_safe

from catalogue.models import Brand


@require_safe
def status(request):
    """Answer with the figures of this moment; one query."""
    return JsonResponse({"brands": Brand.objects.count()})
