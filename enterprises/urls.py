"""The pages of this app, room by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("enterprises.register.urls")),
    path("", include("enterprises.whitelists.urls")),
    path("", include("enterprises.recognition.urls")),
    path("", include("enterprises.resumption.urls")),
]
