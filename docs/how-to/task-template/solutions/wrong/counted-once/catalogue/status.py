from functools import cache

from django.http import JsonResponse

from catalogue.models import Brand


@cache
def brands():
    return Brand.objects.count()


def status(request):
    return JsonResponse({"brands": brands()})
