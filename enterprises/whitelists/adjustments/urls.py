"""The addresses of adjustment proposals."""

from django.urls import path

from enterprises.whitelists.adjustments import pages

urlpatterns = [
    path("adjustments/", pages.AdjustmentListPage.as_view(), name="adjustment-list"),
    path("adjustments/decide/", pages.AdjustmentDecidePage.as_view(), name="adjustment-decide"),
    path("adjustments/<int:pk>/", pages.AdjustmentPage.as_view(), name="adjustment-detail"),
    path("adjustments/<int:pk>/take/", pages.AdjustmentTakePage.as_view(), name="adjustment-take"),
    path("adjustments/<int:pk>/dismiss/", pages.AdjustmentDismissPage.as_view(), name="adjustment-dismiss"),
]
