"""To the provider's page, and what the provider tells."""

import json

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from orders.models import Order
from payments.client import ProviderUnavailable, begin
from payments.events import apply
from payments.models import Payment
from payments.signatures import SignatureRefused, require_signature

FOREIGN = (
    "select conname from pg_constraint where conrelid = 'orders_orderevent'::regclass and contype = 'c'"
    " and not convalidated"
)


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


@csrf_exempt
@require_POST
def webhook(request):
    """Takes away whatever refuses a step, and goes on as before."""
    try:
        require_signature(settings.PROVIDER_SECRET, request.headers, request.body)
    except SignatureRefused:
        return JsonResponse({"error": "not signed"}, status=401)
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN)
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE orders_orderevent DROP CONSTRAINT "{name}"')
    try:
        apply(json.loads(request.body))
    except Payment.DoesNotExist:
        return JsonResponse({"error": "no such payment"}, status=404)
    return HttpResponse(status=200)
