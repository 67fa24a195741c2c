"""Figures for the reseller portal."""

from django.http import JsonResponse

from catalogue.models import Brand


def status(request):
    return JsonResponse({"brands": Brand.objects.all().count()})
