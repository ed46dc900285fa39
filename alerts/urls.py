"""The pages of this app, room by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("alerts.rules.urls")),
    path("", include("alerts.warnings.urls")),
    path("", include("alerts.board.urls")),
]
