"""The API addresses of closing a list."""

from django.urls import path

from enterprises.whitelists.closing.api import CloseEndpoint, ClosingEndpoint
from whitelist.core.api import collection, one

urlpatterns = [
    path("white-lists/<int:pk>/close/", one(CloseEndpoint, post="close"), name="api-white-list-close"),
    path("closings/", collection(ClosingEndpoint, get="list"), name="api-closing-list"),
    path("closings/<int:pk>/", one(ClosingEndpoint, get="retrieve"), name="api-closing-detail"),
    path("closings/<int:pk>/confirm/", one(ClosingEndpoint, post="confirm"), name="api-closing-confirm"),
    path("closings/<int:pk>/withdraw/", one(ClosingEndpoint, post="withdraw"), name="api-closing-withdraw"),
    path("closings/<int:pk>/report/", one(ClosingEndpoint, get="report"), name="api-closing-report"),
]
