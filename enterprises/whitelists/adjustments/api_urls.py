"""The API addresses of adjustment proposals."""

from django.urls import path

from enterprises.whitelists.adjustments.api import AdjustmentEndpoint
from whitelist.core.api import collection, one

urlpatterns = [
    path("adjustments/", collection(AdjustmentEndpoint, get="list"), name="api-adjustment-list"),
    path("adjustments/bulk/", collection(AdjustmentEndpoint, post="bulk"), name="api-adjustment-bulk"),
    path("adjustments/<int:pk>/", one(AdjustmentEndpoint, get="retrieve"), name="api-adjustment-detail"),
    path("adjustments/<int:pk>/take/", one(AdjustmentEndpoint, post="take"), name="api-adjustment-take"),
    path("adjustments/<int:pk>/dismiss/", one(AdjustmentEndpoint, post="dismiss"), name="api-adjustment-dismiss"),
]
