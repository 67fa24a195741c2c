"""Addresses of the shop."""

from django.urls import path, register_converter

from catalogue import front, views
from catalogue.drawings import DrawingConverter

register_converter(DrawingConverter, "drawing")

app_name = "catalogue"
urlpatterns = [
    path("", front.home, name="home"),
    path("makers/", front.brand_list, name="brand-list"),
    path("products/", views.product_list, name="product-list"),
    path("products/<slug:slug>/", views.product_detail, name="product-detail"),
    path("images/<drawing:drawing>.svg", views.drawing, name="drawing"),
]
