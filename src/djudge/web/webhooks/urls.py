"""Addresses about webhooks."""

from django.urls import path

from djudge.web.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("team/webhooks/", views.endpoints, name="endpoints"),
    path("team/webhooks/new/", views.new_endpoint, name="new"),
    path("team/webhooks/<uuid:endpoint_id>/", views.endpoint, name="endpoint"),
    path("team/webhooks/<uuid:endpoint_id>/change/", views.change, name="change"),
    path("team/webhooks/<uuid:endpoint_id>/secret/", views.renew_secret, name="secret"),
    path("team/webhooks/deliveries/<uuid:delivery_id>/", views.delivery, name="delivery"),
    path("team/webhooks/deliveries/<uuid:delivery_id>/again/", views.send_again, name="send-again"),
]
