"""To the provider's page, and what the provider tells."""

import json

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from orders.models import Order
from payments.client import ProviderUnavailable, begin
from payments.events import EventRefused, catch_up, process, store
from payments.models import Payment
from payments.signatures import SignatureRefused, require_signature

MOST_BYTES = 64 * 1024


@require_POST
@login_required
def pay(request, public_id):
    """Lead the buyer to where the order is paid; the same page however often it is asked for."""
    order = get_object_or_404(request.user.orders, public_id=public_id, status=Order.Status.PLACED)
    payment, _ = Payment.objects.get_or_create(order=order, defaults={"amount": order.total})
    if not payment.provider_id:
        try:
            provider_id, pay_url = begin(order, request.build_absolute_uri(order.get_absolute_url()))
        except ProviderUnavailable as failure:
            messages.error(request, f"{failure} Nothing was paid. Please try again.")
            return redirect(order)
        Payment.objects.filter(pk=payment.pk, provider_id=None).update(provider_id=provider_id, pay_url=pay_url)
        payment.refresh_from_db()
        catch_up(payment.provider_id)
    return redirect(payment.pay_url)


@csrf_exempt
@require_POST
def webhook(request):
    """A message of the provider: checked, stored, applied. 2xx only when it is stored, so that others come again.

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
    process(event)
    return HttpResponse(status=202 if new else 200)
