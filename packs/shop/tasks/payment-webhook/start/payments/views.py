"""What the provider tells."""

import json

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments.events import apply
from payments.models import Payment


@csrf_exempt
@require_POST
def webhook(request):
    """A message of the provider."""
    try:
        apply(json.loads(request.body))
    except Payment.DoesNotExist:
        return JsonResponse({"error": "no such payment"}, status=404)
    return HttpResponse(status=200)
