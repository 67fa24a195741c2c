"""What the provider tells."""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments.signatures import SignatureRefused, require_signature


@csrf_exempt
@require_POST
def webhook(request):
    """Says what is asked for, and does nothing."""
    try:
        require_signature(settings.PROVIDER_SECRET, request.headers, request.body)
    except SignatureRefused:
        return JsonResponse({"error": "not signed"}, status=401)
    return HttpResponse(status=204)
