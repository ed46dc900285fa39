from django.urls import path

from whitelist.core.api import collection, one
from whitelist.delivery.api import NotificationEndpoint

urlpatterns = [
    path("notifications/", collection(NotificationEndpoint, get="list"), name="api-notification-list"),
    path("notifications/read/", collection(NotificationEndpoint, post="read_all"), name="api-notification-read-all"),
    path("notifications/<int:pk>/", one(NotificationEndpoint, get="retrieve"), name="api-notification-detail"),
    path("notifications/<int:pk>/read/", one(NotificationEndpoint, post="read"), name="api-notification-read"),
]
