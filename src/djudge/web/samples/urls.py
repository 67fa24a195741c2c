"""Addresses of the sample team."""

from django.urls import path

from djudge.web.samples import views

app_name = "samples"
urlpatterns = [path("samples/remove/", views.remove, name="remove")]
