"""Figures for the reseller portal."""

from django.db.models import Count
from django.http import JsonResponse

from catalogue.models import Brand


def status(request):
    return JsonResponse(Brand.objects.aggregate(brands=Count("pk")))
