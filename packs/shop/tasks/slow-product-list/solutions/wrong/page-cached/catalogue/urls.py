"""Addresses of the shop."""

from django.urls import path, register_converter
from django.views.decorators.cache import cache_page

from catalogue import front, views
from catalogue.drawings import DrawingConverter

register_converter(DrawingConverter, "drawing")

app_name = "catalogue"
urlpatterns = [
    path("", front.home, name="home"),
    path("makers/", front.brand_list, name="brand-list"),
    path("products/", cache_page(15 * 60)(views.product_list), name="product-list"),
    path("products/<slug:slug>/", views.product_detail, name="product-detail"),
    path("images/<drawing:drawing>.svg", views.drawing, name="drawing"),
]
