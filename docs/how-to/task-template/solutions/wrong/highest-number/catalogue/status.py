from django.http import JsonResponse

from catalogue.models import Brand


def status(request):
    return JsonResponse({"brands": Brand.objects.latest("pk").pk})
