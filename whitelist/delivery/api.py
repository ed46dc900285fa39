from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from whitelist.core.access import signed_in
from whitelist.core.api import Endpoint, NoBody
from whitelist.delivery import services
from whitelist.delivery.filters import NotificationFilter
from whitelist.delivery.models import Notification
from whitelist.delivery.serializers import CountSerializer, NotificationSerializer


class NotificationEndpoint(Endpoint):
    """One's own notices, newest first."""

    model = Notification
    access = signed_in
    filterset_class = NotificationFilter
    serializer_class = NotificationSerializer
    ordering = ("-created_at", "-pk")

    @extend_schema(operation_id="notifications_read_all", request=NoBody, responses=CountSerializer)
    def read_all(self, request):
        """Mark all of one's notices as read."""
        self.checked(NoBody)
        return Response({"count": services.mark_read(self.get_queryset())})

    @extend_schema(operation_id="notifications_read", request=NoBody, responses=NotificationSerializer)
    def read(self, request, **kwargs):
        """Mark one notice as read."""
        self.checked(NoBody)
        services.mark_read(self.get_queryset().filter(pk=self.row.pk))
        return self.answer(self.get_object())
