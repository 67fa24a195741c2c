"""The way to the provider's page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from orders.models import Order
from payments.client import ProviderUnavailable, begin
from payments.models import Payment


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
