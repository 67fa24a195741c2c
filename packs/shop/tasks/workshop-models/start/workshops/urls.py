"""Addresses of the workshops: the list at `/workshops/`, each one at `/workshops/<its word>/`."""

from django.urls import path

from workshops import views

app_name = "workshops"
urlpatterns = [
    path("", views.workshop_list, name="workshop-list"),
    path("<slug:word>/", views.workshop_detail, name="workshop-detail"),
]
