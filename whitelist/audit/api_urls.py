from django.urls import path

from whitelist.audit.api import AuditEndpoint
from whitelist.core.api import collection, one

urlpatterns = [
    path("audit/", collection(AuditEndpoint, get="list"), name="api-audit-list"),
    path("audit/<int:pk>/", one(AuditEndpoint, get="retrieve"), name="api-audit-detail"),
]
