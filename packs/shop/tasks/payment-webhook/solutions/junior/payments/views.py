"""What the provider tells."""

import base64
import hashlib
import hmac
import json

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments.events import apply
from payments.models import Payment, ProviderEvent


def is_signed(request, content):
    """Whether the provider has signed this."""
    headers = request.headers
    signed = f"{headers.get('webhook-id')}.{headers.get('webhook-timestamp')}.{json.dumps(content)}"
    digest = hmac.new(settings.PROVIDER_SECRET.encode(), signed.encode(), hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode() in headers.get("webhook-signature", "")


@csrf_exempt
@require_POST
def webhook(request):
    """A message of the provider, unless it was there before."""
    content = json.loads(request.body)
    if not is_signed(request, content):
        return JsonResponse({"error": "not signed"}, status=401)
    event_id = request.headers["webhook-id"]
    if ProviderEvent.objects.filter(event_id=event_id).exists():
        return HttpResponse(status=200)
    try:
        apply(content)
    except Payment.DoesNotExist:
        return JsonResponse({"error": "no such payment"}, status=404)
    ProviderEvent.objects.create(
        event_id=event_id, kind=content["type"], provider_id=content["data"]["payment"], payload=content
    )
    return HttpResponse(status=200)
