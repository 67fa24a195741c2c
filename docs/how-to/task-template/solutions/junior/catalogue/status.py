from django.http import JsonResponse

from catalogue.models import Brand


def status(request):
    brands = Brand.objects.all()
    return JsonResponse({"brands": len(brands)})
