"""Addresses of the shop."""

from django.urls import path

from catalogue.status import status

app_name = "catalogue"
urlpatterns = [path("figures/", status, name="figures")]
