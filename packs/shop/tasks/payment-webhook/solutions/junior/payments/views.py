"""To the provider's page, and what the provider tells."""

import base64
import hashlib
import hmac
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
from payments.events import apply
from payments.models import Payment, ProviderEvent


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
    return redirect(payment.pay_url)


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
