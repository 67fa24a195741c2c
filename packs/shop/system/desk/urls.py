"""The seller's desk."""

from django.urls import path

from desk import views

app_name = "desk"
urlpatterns = [
    path("", views.order_list, name="order-list"),
    path("orders.csv", views.export, name="export"),
    path("orders/<uuid:public_id>/", views.order_detail, name="order-detail"),
    path("orders/<uuid:public_id>/edit/", views.order_edit, name="order-edit"),
    path("orders/<uuid:public_id>/invoice/", views.invoice, name="invoice"),
]
