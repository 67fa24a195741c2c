"""Figures for the reseller portal."""

from django.http import JsonResponse
from django.views import View

from catalogue.models import Brand


class Status(View):
    """The figures of this moment; one query."""

    def get(self, request):
        return JsonResponse({"brands": Brand.objects.count()})


status = Status.as_view()
