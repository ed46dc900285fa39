"""The API addresses of this app, room by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("enterprises.register.api_urls")),
    path("", include("enterprises.whitelists.api_urls")),
    path("", include("enterprises.recognition.api_urls")),
    path("", include("enterprises.resumption.api_urls")),
]
