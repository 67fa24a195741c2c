"""The seller's desk."""

from django.urls import path

from desk import views

app_name = "desk"
urlpatterns = [
    path("", views.OrderList.as_view(), name="order-list"),
    path("orders.csv", views.Export.as_view(), name="export"),
    path("orders/<uuid:public_id>/", views.OrderDetail.as_view(), name="order-detail"),
    path("orders/<uuid:public_id>/edit/", views.OrderEdit.as_view(), name="order-edit"),
    path("orders/<uuid:public_id>/invoice/", views.Invoice.as_view(), name="invoice"),
]
