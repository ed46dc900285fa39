"""The API addresses of this app, room by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("alerts.warnings.api_urls")),
    path("", include("alerts.board.api_urls")),
]
