"""The API addresses of nominations."""

from django.urls import path

from enterprises.whitelists.nominations.api import NominationEndpoint
from whitelist.core.api import collection, one

urlpatterns = [
    path("nominations/", collection(NominationEndpoint, get="list", post="create"), name="api-nomination-list"),
    path("nominations/<int:pk>/", one(NominationEndpoint, get="retrieve"), name="api-nomination-detail"),
    path("nominations/<int:pk>/accept/", one(NominationEndpoint, post="accept"), name="api-nomination-accept"),
    path("nominations/<int:pk>/decline/", one(NominationEndpoint, post="decline"), name="api-nomination-decline"),
    path("nominations/<int:pk>/withdraw/", one(NominationEndpoint, post="withdraw"), name="api-nomination-withdraw"),
]
