from django.urls import path

from whitelist.accounts.api import DivisionEndpoint, MeEndpoint, OfficeEndpoint
from whitelist.core.api import collection, one

urlpatterns = [
    path("divisions/", collection(DivisionEndpoint, get="list"), name="api-division-list"),
    path("divisions/<code>/", one(DivisionEndpoint, get="retrieve"), name="api-division-detail"),
    path("me/", collection(MeEndpoint, get="retrieve"), name="api-me"),
    path("offices/", collection(OfficeEndpoint, get="list"), name="api-office-list"),
    path("offices/<int:pk>/", one(OfficeEndpoint, get="retrieve"), name="api-office-detail"),
]
