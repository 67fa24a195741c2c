"""Checkout and a buyer's orders."""

from django.urls import path

from orders import pages, views

app_name = "orders"
urlpatterns = [
    path("checkout/", views.checkout, name="checkout"),
    path("orders/", views.order_list, name="order-list"),
    path("orders/spent/", pages.spent, name="spent"),
    path("orders/<uuid:public_id>/", pages.order_detail, name="order-detail"),
    path("orders/<uuid:public_id>/cancel/", views.cancel, name="order-cancel"),
]
