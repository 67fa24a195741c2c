"""What the provider tells."""

import json

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments.events import EventRefused, store
from payments.signatures import SignatureRefused, require_signature

MOST_BYTES = 64 * 1024


@csrf_exempt
@require_POST
def webhook(request):
    """A message of the provider: checked and stored; a command applies it some day. 2xx only when it is stored, so that others come again.

    No session and no token of a form belong to it: the signature over the raw body is what says who it is from.
    """
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        return JsonResponse({"error": "too large"}, status=413)
    try:
        event_id = require_signature(settings.PROVIDER_SECRET, request.headers, request.body)
        event, new = store(event_id, json.loads(request.body))
    except SignatureRefused as refusal:
        return JsonResponse({"error": str(refusal)}, status=401)
    except (EventRefused, ValueError) as refusal:
        return JsonResponse({"error": str(refusal)[:200]}, status=400)
    return HttpResponse(status=202 if new else 200)
