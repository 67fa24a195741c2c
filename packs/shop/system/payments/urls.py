"""Payments."""

from django.urls import path

from payments import paying, views

app_name = "payments"
urlpatterns = [
    path("webhook/", views.webhook, name="webhook"),
    path("<uuid:public_id>/pay/", paying.pay, name="pay"),
]
