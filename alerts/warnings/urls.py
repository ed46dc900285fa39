from django.urls import path

from alerts.warnings import pages

urlpatterns = [
    path("warnings/", pages.WarningListPage.as_view(), name="warning-list"),
    path("warnings/<int:pk>/", pages.WarningPage.as_view(), name="warning-detail"),
    path("warnings/<int:pk>/acknowledge/", pages.WarningAcknowledgePage.as_view(), name="warning-acknowledge"),
]
